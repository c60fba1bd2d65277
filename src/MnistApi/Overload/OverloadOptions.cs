namespace MnistApi.Overload;

/// <summary>How much long work is taken on at once. Keys Overload:Concurrency and so on; as environment variables Overload__Concurrency.</summary>
public sealed class OverloadOptions
{
    public const string Section = "Overload";

    /// <summary>No machine has so many cores.</summary>
    public const int Most = 100_000;

    /// <summary>Requests with long work that are worked on at once: one for each core.</summary>
    public int Concurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>Such requests that wait for their turn; more would wait longer than is of use to anybody.</summary>
    public int Queue { get; set; } = 4 * Environment.ProcessorCount;

    /// <summary>Of both together, how many one client may have; 0 for all.</summary>
    public int PerClient { get; set; }
}
