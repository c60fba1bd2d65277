using System.Globalization;
using Serilog;
using Serilog.Formatting.Compact;

namespace MnistApi.Logging;

internal static class LoggingSetup
{
    private const string TextTemplate = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    public static void AddLogging(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RequestLogOptions>()
            .BindConfiguration(RequestLogOptions.Section)
            .Validate(options => options.SlowMilliseconds > 0, "RequestLog:SlowMilliseconds (environment variable RequestLog__SlowMilliseconds): expected a number above 0")
            .ValidateOnStart();
        var format = builder.Configuration.GetValue<LogFormat>($"{RequestLogOptions.Section}:{nameof(RequestLogOptions.Format)}");
        var isContainer = builder.Configuration.GetValue<bool>("DOTNET_RUNNING_IN_CONTAINER");
        builder.Services.AddSerilog(logger =>
        {
            logger.ReadFrom.Configuration(builder.Configuration);
            if (format == LogFormat.Json || (format == LogFormat.Auto && isContainer))
                logger.WriteTo.Console(new CompactJsonFormatter());
            else
                logger.WriteTo.Console(outputTemplate: TextTemplate, formatProvider: CultureInfo.InvariantCulture);
        });
    }
}
