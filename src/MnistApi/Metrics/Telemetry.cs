using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MnistApi.Metrics;

/// <summary>
/// OpenTelemetry for this process: metrics for whoever scrapes them, and with a collector metrics and traces sent there. The metrics are set up when
/// they are first asked for, shortly after the start, or when much was measured, whichever comes first; nothing that was measured before is lost.
/// </summary>
internal sealed class Telemetry : IDisposable
{
    /// <summary>Long enough after the start not to be in the first requests' way.</summary>
    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(2);

    private const int MostEarly = 4096;

    /// <summary>Ours, the framework's (http.server.*, kestrel.*) and the runtime's (memory, garbage collection, thread pool).</summary>
    private static readonly string[] s_meters =
        [Instruments.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private readonly bool _hasCollector;
    private readonly EarlyMeasurements _early;
    private readonly Lazy<MeterProvider> _metrics;
    private readonly TracerProvider? _traces;
    private readonly CancellationTokenSource _stopping = new();

    /// <param name="isScraped">Whether somebody will ask for <see cref="Metrics"/>.</param>
    /// <param name="hasCollector">Whether OTEL_EXPORTER_OTLP_ENDPOINT is set; the exporters read it, and OpenTelemetry's other variables, themselves.</param>
    public Telemetry(bool isScraped, bool hasCollector)
    {
        _hasCollector = hasCollector;
        _early = new EarlyMeasurements(instrument => s_meters.Contains(instrument.Meter.Name), MostEarly, SetUpSoon);
        _metrics = new Lazy<MeterProvider>(() => SetUp(isScraped));
        if (hasCollector)
            _traces = Sdk.CreateTracerProviderBuilder().ConfigureResource(Name).AddAspNetCoreInstrumentation().AddOtlpExporter().Build();
        _ = SetUpLaterAsync();
    }

    public MeterProvider Metrics => _metrics.Value;

    public void Dispose()
    {
        _stopping.Cancel();
        if (_hasCollector || _metrics.IsValueCreated)
            Metrics.Dispose(); // which sends what was not sent yet
        _traces?.Dispose();
        _early.Dispose();
        _stopping.Dispose();
    }

    private MeterProvider SetUp(bool isScraped)
    {
        var metrics = Sdk.CreateMeterProviderBuilder().ConfigureResource(Name).AddMeter(s_meters).AddView(Take);
        if (isScraped)
            metrics.AddPrometheusExporter(options => options.ScrapeResponseCacheDurationMilliseconds = 0); // each scrape sees the moment
        if (_hasCollector)
            metrics.AddOtlpExporter();
        var provider = metrics.Build();
        _early.Replay();
        return provider;
    }

    /// <summary>Called for each instrument just before it is listened to.</summary>
    private MetricStreamConfiguration? Take(Instrument instrument)
    {
        _early.LeaveTo(instrument);
        return instrument.Name switch
        {
            "http.server.request.duration" => new ExplicitBucketHistogramConfiguration { Boundaries = Instruments.Durations },
            // Prometheus keeps "_count" for histograms.
            "dotnet.process.cpu.count" => new MetricStreamConfiguration { Name = "dotnet.process.cpus" },
            "dotnet.assembly.count" or "dotnet.timer.count" => MetricStreamConfiguration.Drop,
            _ => null,
        };
    }

    private async Task SetUpLaterAsync()
    {
        await Task.Delay(s_delay, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_stopping.IsCancellationRequested)
            SetUpSoon();
    }

    private void SetUpSoon() => ThreadPool.QueueUserWorkItem(static telemetry => _ = telemetry.Metrics, this, preferLocal: false);

    private static void Name(ResourceBuilder resource)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME")))
            resource.AddService("mnist-api", autoGenerateServiceInstanceId: false);
    }
}
