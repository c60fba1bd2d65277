using MnistApi.Startup;

namespace MnistApi.Metrics;

/// <summary>Whether metrics are kept. Key Metrics:Enabled; as an environment variable Metrics__Enabled.</summary>
internal sealed class MetricsOptions : ISection
{
    public bool Enabled { get; set; } = true; // whether GET /metrics answers
}
