using MnistApi.Startup;

namespace MnistApi.Overload;

/// <summary>How much is taken on at once. Keys Overload:Concurrency and so on; as environment variables Overload__Concurrency.</summary>
internal sealed class OverloadOptions : ISection
{
    private const int Max = 100_000; // no machine has so many cores

    public int Concurrency { get; set; } = Environment.ProcessorCount; // requests with long work under way: one for each core
    public int Queue { get; set; } = 4 * Environment.ProcessorCount; // such requests that wait; more would wait longer than is of use
    public int PerClient { get; set; } // of both together, how many one client may have; 0 for all
    public int EvaluationSeconds { get; set; } = 10; // which an evaluation on MNIST waits for another one to end
    public long? HeldBytes { get; set; } // of large bodies in memory, of all requests; by default a quarter of it

    /// <summary>At once; 0 for any number. An idle one costs some kilobytes, one with a short request less than half a megabyte.</summary>
    public int Connections { get; set; } = 10_000;

    /// <summary>For a single body: the array it is read into is up to twice as long, and is copied from one of half its size.</summary>
    public static long MinHeldBytes(int bodyBytes) => 3L * bodyBytes;

    public long HeldBytesFor(int bodyBytes) =>
        HeldBytes ?? Math.Max(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, MinHeldBytes(bodyBytes));

    public IEnumerable<string?> Failures() =>
    [
        Settings.Range(Concurrency, "Overload:Concurrency", 1, Max),
        Settings.Range(Queue, "Overload:Queue", 0, Max),
        Settings.Range(PerClient, "Overload:PerClient", 0, Max),
        Settings.Range(EvaluationSeconds, "Overload:EvaluationSeconds", 0, Max),
        Settings.Check(Connections >= 0, "Overload:Connections", "a whole number, 0 for any number of them"),
    ];
}
