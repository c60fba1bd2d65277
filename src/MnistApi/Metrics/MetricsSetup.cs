using MnistApi.Model;

namespace MnistApi.Metrics;

/// <summary>GET /metrics for Prometheus; and metrics and traces to a collector where OTEL_EXPORTER_OTLP_ENDPOINT names one.</summary>
internal static class MetricsSetup
{
    public const string Path = "/metrics";

    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddMetrics(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<MetricsOptions>().BindConfiguration(MetricsOptions.Section).ValidateOnStart();
        var isScraped = IsScraped(builder.Configuration);
        var hasCollector = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Collector));
        if (!isScraped && !hasCollector)
            return;
        var telemetry = Task.Run(() => new Telemetry(isScraped, hasCollector)); // while the rest is set up
        builder.Services.AddSingleton(_ => telemetry.GetAwaiter().GetResult());
    }

    public static void MapMetrics(this WebApplication app)
    {
        var telemetry = app.Services.GetService<Telemetry>();
        var model = app.Services.GetRequiredService<LoadedModel>();
        Instruments.ModelIs(model.Name, model.Version, () => model.File.Sha256);
        if (telemetry is null || !IsScraped(app.Configuration))
            return;
        var scrape = new Lazy<RequestDelegate>(() =>
            new ApplicationBuilder(app.Services)
                .UseOpenTelemetryPrometheusScrapingEndpoint(telemetry.Metrics, predicate: _ => true, path: null, configureBranchedPipeline: null, optionsName: null)
                .Build());
        app.MapGet(Path, context => scrape.Value(context)).ExcludeFromDescription();
    }

    /// <summary>Needed before options can be validated, so what is neither true nor false counts as true until then.</summary>
    private static bool IsScraped(IConfiguration configuration) =>
        !bool.TryParse(configuration[$"{MetricsOptions.Section}:{nameof(MetricsOptions.Enabled)}"], out var isEnabled) || isEnabled;
}
