using System.Globalization;
using Serilog;
using Serilog.Events;
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
        var isJson = RequestLogOptions.IsJson(builder.Configuration);
        builder.Services.AddSerilog(logger =>
        {
            // The host would log a failed start with its stack trace; StartupFailure says it in a sentence.
            logger.MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal);
            logger.ReadFrom.Configuration(builder.Configuration);
            if (isJson)
                logger.WriteTo.Console(new CompactJsonFormatter());
            else
                logger.WriteTo.Console(outputTemplate: TextTemplate, formatProvider: CultureInfo.InvariantCulture);
        });
    }
}
