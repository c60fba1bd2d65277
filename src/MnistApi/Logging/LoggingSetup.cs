using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;
using Serilog.Settings.Configuration;

namespace MnistApi.Logging;

internal static class LoggingSetup
{
    private const string TextTemplate = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    public static void AddLogging(this WebApplicationBuilder builder, RequestLogOptions options)
    {
        builder.Services.AddSingleton(options);
        var serilogAssemblies = new ConfigurationReaderOptions(typeof(ConsoleLoggerConfigurationExtensions).Assembly);
        var logger = new LoggerConfiguration()
            // The host would log a failed start with its stack trace; Program says it in a sentence.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
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

    public static void UseRequestLog(this WebApplication app)
    {
        WrongVersionLog.Subscribe(app.Services);
        app.UseMiddleware<RequestLog>();
    }
}
