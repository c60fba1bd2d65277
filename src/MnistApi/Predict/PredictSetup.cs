using Microsoft.Extensions.Options;
using MnistApi.Imaging;

namespace MnistApi.Predict;

internal static class PredictSetup
{
    private const int MostBodyBytes = 1 << 30;

    public static void AddPredict(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>()
            .BindConfiguration(LimitOptions.Section)
            .Validate(limits => limits.BodyBytes is > 0 and <= MostBodyBytes, Expected("BodyBytes", 1, MostBodyBytes))
            .Validate(limits => limits.Instances > 0, Expected("Instances", 1, int.MaxValue))
            .Validate(limits => limits.Files > 0, Expected("Files", 1, int.MaxValue))
            .Validate(limits => limits.PicturePixels is > 0 and <= DigitReader.MostPixels, Expected("PicturePixels", 1, DigitReader.MostPixels))
            .Validate(limits => limits.RequestPixels > 0, Expected("RequestPixels", 1, long.MaxValue))
            .ValidateOnStart();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<LimitOptions>>().Value);
        // BodyReader says so itself, with the limit in the text; Kestrel's own limit is for bodies that nobody reads. Kestrel is
        // made before options can be validated: so a limit that is no number is passed over here.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (int.TryParse(builder.Configuration[$"{LimitOptions.Section}:{nameof(LimitOptions.BodyBytes)}"], out var bodyBytes) && bodyBytes > 0)
                kestrel.Limits.MaxRequestBodySize = bodyBytes;
            else
                kestrel.Limits.MaxRequestBodySize = new LimitOptions().BodyBytes;
        });
    }

    private static string Expected(string key, long least, long most) =>
        $"Limits:{key} (environment variable Limits__{key}): expected a whole number from {least} to {most}";
}
