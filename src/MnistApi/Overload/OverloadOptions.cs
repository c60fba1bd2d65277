using MnistApi.Predict;
using MnistApi.Startup;

namespace MnistApi.Overload;

/// <summary>How much is taken on at once. Keys Overload:Concurrency and so on; as environment variables Overload__Concurrency.</summary>
internal sealed class OverloadOptions : ISection
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
    public int Connections { get; set; } = 10_000; // an idle one costs some kilobytes, one with a short request less than half a megabyte

    /// <summary>
    /// What <see cref="HeldBytes"/> has to be for a single body: the array it is read into is up to twice as long, and is copied from one
    /// of half its size.
    /// </summary>
    private static long MinHeldBytes(int bodyBytes) => 3L * bodyBytes;

    /// <summary><see cref="HeldBytes"/>, or what it is where nobody says it.</summary>
    public long HeldBytesFor(int bodyBytes) =>
        HeldBytes ?? Math.Max(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, MinHeldBytes(bodyBytes));

    IEnumerable<string> ISection.Failures()
    {
        if (Concurrency is < 1 or > Max)
            yield return Settings.Expected("Overload:Concurrency", 1, Max);
        if (Queue is < 0 or > Max)
            yield return Settings.Expected("Overload:Queue", 0, Max);
        if (PerClient is < 0 or > Max)
            yield return Settings.Expected("Overload:PerClient", 0, Max);
        if (EvaluationSeconds is < 0 or > Max)
            yield return Settings.Expected("Overload:EvaluationSeconds", 0, Max);
        if (Connections < 0)
            yield return Settings.Expected("Overload:Connections", "a whole number, 0 for any number of them");
    }

    /// <summary>What is wrong with the values beside those of the limits.</summary>
    public IEnumerable<string> Failures(LimitOptions limits)
    {
        if (HeldBytes < MinHeldBytes(limits.BodyBytes))
            yield return Settings.Expected("Overload:HeldBytes", "at least three times Limits:BodyBytes");
    }
}
