namespace MnistApi.Metrics;

/// <summary>Whether metrics are kept. Key Metrics:Enabled; as an environment variable Metrics__Enabled.</summary>
public sealed class MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>Whether GET /metrics answers.</summary>
    public bool Enabled { get; set; } = true;
}
