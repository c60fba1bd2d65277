using System.Diagnostics.Metrics;

namespace MnistApi.Metrics;

/// <summary>
/// What the service measures of its own; the README lists it. Static, so that the code that reads, predicts and writes for every protocol
/// reaches it; while nobody listens a call is a comparison.
/// </summary>
internal static class Instruments
{
    public const string MeterName = "MnistApi";

    /// <summary>
    /// Upper bounds in seconds. A forward pass of one image takes less than a microsecond, the largest picture most of a second; the
    /// framework's own buckets begin at 5 milliseconds.
    /// </summary>
    public static readonly double[] Durations =
        [1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public static readonly Meter Meter = new(MeterName);
    private static readonly InstrumentAdvice<double> s_durations = new() { HistogramBucketBoundaries = Durations };

    private static readonly Histogram<int> s_images = Meter.CreateHistogram(
        "mnist.request.images", "{image}", "Images in a request.", tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] });

    private static readonly Counter<long> s_rejections = Meter.CreateCounter<long>(
        "mnist.rejections", "{request}", "Requests answered with an error, by reason.");

    public static readonly Histogram<double> Decode = Duration(
        "decode", "Time a request's body took to become pixels: JSON, PNG or raw bytes.");
    public static readonly Histogram<double> Preprocess = Duration("preprocess", "Time a request's pictures took to be brought to 28x28.");
    public static readonly Histogram<double> Forward = Duration("forward", "Time the network took for a request's images.");
    public static readonly Histogram<double> Serialise = Duration("serialise", "Time a request's predictions took to be written.");

    private static readonly long[] s_predictions = new long[MnistImage.Classes]; // images so far that were taken for each digit

    /// <summary>
    /// Predictions are counted here and read when somebody asks, which costs a request less than a counter that is listened to.
    /// </summary>
    static Instruments() => Meter.CreateObservableCounter(
        "mnist.predictions",
        () => s_predictions.Select((count, digit) => new Measurement<long>(count, new KeyValuePair<string, object?>("digit", $"{digit}"))),
        "{prediction}", "Images classified, by the digit that was answered.");

    /// <summary>Whether durations are worth measuring.</summary>
    public static bool AreOn => Forward.Enabled;

    /// <summary>Counts a request's images and the digits that they were taken for.</summary>
    /// <param name="probabilities">Ten an image.</param>
    public static void Predicted(ReadOnlySpan<float> probabilities)
    {
        s_images.Record(probabilities.Length / MnistImage.Classes);
        Span<int> counts = stackalloc int[MnistImage.Classes];
        counts.Clear();
        for (var i = 0; i < probabilities.Length; i += MnistImage.Classes)
            counts[Classes.Best(probabilities.Slice(i, MnistImage.Classes))]++;
        for (var digit = 0; digit < counts.Length; digit++)
        {
            if (counts[digit] > 0)
                Interlocked.Add(ref s_predictions[digit], counts[digit]);
        }
    }

    public static void Rejected(string reason) => s_rejections.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>States once and for all which model this is.</summary>
    public static void ModelIs(string name, string version, Func<string> sha256)
    {
        KeyValuePair<string, object?>[]? tags = null; // the hash is computed when it is first asked for
        Meter.CreateObservableGauge(
            "mnist.model.info",
            () => new Measurement<int>(1, tags ??= [new("name", name), new("version", version), new("sha256", sha256())]),
            description: "Always 1; its labels say which model is served.");
    }

    private static Histogram<double> Duration(string stage, string description) =>
        Meter.CreateHistogram($"mnist.{stage}.duration", "s", description, tags: null, s_durations);
}
