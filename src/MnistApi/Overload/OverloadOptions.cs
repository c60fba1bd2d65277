namespace MnistApi.Overload;

/// <summary>How much is taken on at once. Keys Overload:Concurrency and so on; as environment variables Overload__Concurrency.</summary>
public sealed class OverloadOptions
{
    public const string Section = "Overload";

    /// <summary>The largest number that makes sense here: no machine has so many cores.</summary>
    public const int Max = 100_000;

    /// <summary>Requests with long work that are worked on at once: one for each core.</summary>
    public int Concurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>Such requests that wait for their turn; more would wait longer than is of use to anybody.</summary>
    public int Queue { get; set; } = 4 * Environment.ProcessorCount;

    /// <summary>Of both together, how many one client may have; 0 for all.</summary>
    public int PerClient { get; set; }

    /// <summary>Seconds that an evaluation on MNIST waits for another one to end.</summary>
    public int EvaluationSeconds { get; set; } = 10;

    /// <summary>
    /// Bytes of large bodies that are held at once, of all requests together; by default a quarter of the memory that the process may use.
    /// </summary>
    public long? HeldBytes { get; set; }

    /// <summary>Connections at once; the next is closed. 0 for any number.</summary>
    public int Connections { get; set; } = DefaultConnections;

    /// <summary>An idle one costs some kilobytes, one with a short request less than half a megabyte.</summary>
    public const int DefaultConnections = 10_000;

    /// <summary>
    /// What <see cref="HeldBytes"/> has to be for a single body: the array it is read into is up to twice as long, and is copied from one
    /// of half its size.
    /// </summary>
    public static long MinHeldBytes(int bodyBytes) => 3L * bodyBytes;

    /// <summary>What <see cref="HeldBytes"/> is where nobody says it.</summary>
    public static long DefaultHeldBytes(int bodyBytes) =>
        Math.Max(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, MinHeldBytes(bodyBytes));
}
