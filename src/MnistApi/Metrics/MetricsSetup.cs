using System.Diagnostics.Metrics;
using System.Net.Mime;
using Microsoft.OpenApi;
using MnistApi.OpenApi;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MnistApi.Metrics;

/// <summary>GET /metrics for Prometheus; and metrics and traces to a collector where OTEL_EXPORTER_OTLP_ENDPOINT names one.</summary>
internal static class MetricsSetup
{
    /// <summary>Ours, the framework's (http.server.*, kestrel.*) and the runtime's (memory, garbage collection, thread pool).</summary>
    private static readonly string[] s_meters =
        [Instruments.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private static readonly OpenApiExample s_example = new()
    {
        Summary = "One seven so far",
        Value = "# TYPE mnist_predictions_total counter\nmnist_predictions_total{digit=\"7\"} 1\n",
    };

    public static void AddMetrics(this WebApplicationBuilder builder, MetricsOptions options)
    {
        var hasCollector = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]); // the exporters read the rest
        if (!options.Enabled && !hasCollector)
            return;
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(Name).WithMetrics(metrics =>
        {
            metrics.AddMeter(s_meters).AddView(ViewOf);
            if (options.Enabled) // each scrape sees the moment
                metrics.AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0);
            if (hasCollector)
                metrics.AddOtlpExporter();
        });
        if (hasCollector)
            telemetry.WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddOtlpExporter());
    }

    public static void MapMetrics(this WebApplication app, MetricsOptions options)
    {
        var model = app.Services.GetRequiredService<LoadedModel>();
        Instruments.ModelIs(model.Name, model.Version, () => model.File.Sha256);
        if (!options.Enabled)
            return;
        var endpoint = app.MapPrometheusScrapingEndpoint("/metrics");
        RequestDelegate any = _ => Task.CompletedTask;
        endpoint.WithMetadata(any.Method, new HttpMethodMetadata([HttpMethods.Get])) // else the document's generator passes it by
            .Documented("metrics", "Health", "What the service measures of itself",
                "In Prometheus's text format: requests, predictions by digit, rejections by reason, times, memory.")
            .Describes((operation, _) => operation.Answers("200", "The metrics.", MediaTypeNames.Text.Plain, new()
            {
                Schema = SchemaParts.Text(),
                Examples = new Dictionary<string, IOpenApiExample> { ["seven"] = s_example },
            }));
    }

    private static MetricStreamConfiguration? ViewOf(Instrument instrument) => instrument.Name switch
    {
        "http.server.request.duration" => new ExplicitBucketHistogramConfiguration { Boundaries = Instruments.Durations },
        // Prometheus keeps "_count" for histograms.
        "dotnet.process.cpu.count" => new MetricStreamConfiguration { Name = "dotnet.process.cpus" },
        "dotnet.assembly.count" or "dotnet.timer.count" => MetricStreamConfiguration.Drop,
        _ => null,
    };

    private static void Name(ResourceBuilder resource)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME")))
            resource.AddService("mnist-api", autoGenerateServiceInstanceId: false);
    }
}
