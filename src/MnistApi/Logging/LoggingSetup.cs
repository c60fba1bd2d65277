using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;
using Serilog.Settings.Configuration;

namespace MnistApi.Logging;

internal static class LoggingSetup
{
    private const string TextTemplate = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    private const string BadRequests = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

    public static void AddLogging(this WebApplicationBuilder builder, RequestLogOptions options)
    {
        builder.Services.AddSingleton(options);
        var serilogAssemblies = new ConfigurationReaderOptions(typeof(ConsoleLoggerConfigurationExtensions).Assembly);
        var logger = new LoggerConfiguration()
            // The host would log a failed start with its stack trace; StartupFailure says it in a sentence.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
            // HTTP/2 on a port for HTTP/1.1 is Kestrel's to refuse, before there is a request; of its lines only this one is worth having.
            .Filter.ByExcluding(line => line.Level < LogEventLevel.Information && IsBadRequest(line)
                && !line.MessageTemplate.Text.Contains("HTTP version", StringComparison.Ordinal))
            .ReadFrom.Configuration(builder.Configuration, serilogAssemblies);
        var isContainer = builder.Configuration["DOTNET_RUNNING_IN_CONTAINER"] is "1" or "true" or "True";
        if (options.Format == LogFormat.Json || (options.Format == LogFormat.Auto && isContainer))
            logger.WriteTo.Console(new CompactJsonFormatter());
        else
            logger.WriteTo.Console(outputTemplate: TextTemplate, formatProvider: CultureInfo.InvariantCulture);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace); // Serilog decides
        builder.Logging.AddSerilog(logger.CreateLogger(), dispose: true);
        // While its logger is on at any level, hosting makes an activity and a scope for every request, for lines that RequestLog writes.
        // The filter has to name the provider: AddSerilog lets that one pass everything, which goes before what is said for all.
        builder.Logging.AddFilter<SerilogLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }

    private static bool IsBadRequest(LogEvent line) =>
        line.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: BadRequests };
}
