using System.Globalization;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;
using Serilog.Settings.Configuration;

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
        var logger = new LoggerConfiguration()
            // The host would log a failed start with its stack trace; StartupFailure says it in a sentence.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
            .ReadFrom.Configuration(builder.Configuration, new ConfigurationReaderOptions(typeof(ConsoleLoggerConfigurationExtensions).Assembly));
        if (RequestLogOptions.IsJson(builder.Configuration))
            logger.WriteTo.Console(new CompactJsonFormatter());
        else
            logger.WriteTo.Console(outputTemplate: TextTemplate, formatProvider: CultureInfo.InvariantCulture);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace); // Serilog decides
        builder.Logging.AddSerilog(logger.CreateLogger(), dispose: true);
        // While its logger is on at any level, hosting makes an activity and a scope for every request, for lines that RequestLog writes instead.
        // It has to name the provider: AddSerilog lets that one pass everything, which goes before what is said for all.
        builder.Logging.AddFilter<SerilogLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }
}
