using MnistApi.Startup;

namespace MnistApi.Metrics;

/// <summary>Whether metrics are kept. Key Metrics:Enabled; as an environment variable Metrics__Enabled.</summary>
internal sealed class MetricsOptions : ISection
{
    public const string Section = "Metrics";

    /// <summary>Whether GET /metrics answers.</summary>
    public bool Enabled { get; set; } = true;

    IEnumerable<string> ISection.Failures() => [];
}
