using Microsoft.Extensions.Options;
using MnistApi.Imaging;

namespace MnistApi.Predict;

internal static class PredictSetup
{
    private const int MaxBodyBytes = 1 << 30;

    public static void AddPredict(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>()
            .BindConfiguration(LimitOptions.Section)
            .Validate(limits => limits.BodyBytes is > 0 and <= MaxBodyBytes, Expected("BodyBytes", 1, MaxBodyBytes))
            .Validate(limits => limits.Instances > 0, Expected("Instances", 1, int.MaxValue))
            .Validate(limits => limits.Files > 0, Expected("Files", 1, int.MaxValue))
            .Validate(
                limits => limits.PicturePixels is > 0 and <= DigitReader.MostPixels, Expected("PicturePixels", 1, DigitReader.MostPixels))
            .Validate(limits => limits.RequestPixels > 0, Expected("RequestPixels", 1, long.MaxValue))
            .ValidateOnStart();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<LimitOptions>>().Value);
        builder.Services.AddSingleton<PredictionPipeline>();
        // BodyReader says so itself, with the limit in the text; Kestrel's own limit is for bodies that nobody reads. Kestrel is
        // made before options can be validated: so a limit that is no number is passed over here.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var setting = builder.Configuration[$"{LimitOptions.Section}:{nameof(LimitOptions.BodyBytes)}"];
            if (int.TryParse(setting, out var bodyBytes) && bodyBytes > 0)
                kestrel.Limits.MaxRequestBodySize = bodyBytes;
            else
                kestrel.Limits.MaxRequestBodySize = new LimitOptions().BodyBytes;
        });
    }

    private static string Expected(string key, long min, long max) =>
        $"Limits:{key} (environment variable Limits__{key}): expected a whole number from {min} to {max}";
}
