using System.Diagnostics;
using System.Globalization;
using MnistApi.Inference;

namespace MnistApi.Benchmarks;

/// <summary>
/// Baseline and candidates in alternation within one process: on a shared machine the speed of the whole drifts, and a
/// ratio of medians taken side by side does not.
/// </summary>
internal static class Ratios
{
    private const int Rounds = 41;
    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(20);

    public static void Print(TextWriter output)
    {
        var network = BenchmarkInputs.Network;
        output.WriteLine(
            "| images | batch | ONNX Runtime, M/s | bytes, M/s | ratio | floats, M/s | ratio | bytes, 2 threads, M/s | against 1 |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var images in new[] { "mnist", "noise" })
        {
            foreach (var batch in new[] { 1, 100, 1000, 10000 })
            {
                var pixels = BenchmarkInputs.Pixels(images, batch);
                var normalized = BenchmarkInputs.Normalized(pixels);
                var y = new float[batch * MnistImage.Classes];
                using var onnx = new OnnxPeer(network, normalized, new float[y.Length]);
                var seconds = Measure(
                    onnx.Run,
                    () => network.Forward(pixels, y),
                    () => network.Forward(normalized, y),
                    () => network.ForwardParallel(pixels, y));
                var speed = seconds.Select(time => batch / time / 1e6).ToArray();
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {images} | {batch} | {speed[0]:F2} | {speed[1]:F2} | {speed[1] / speed[0]:F2} | "
                    + $"{speed[2]:F2} | {speed[2] / speed[0]:F2} | {speed[3]:F2} | {speed[3] / speed[1]:F2} |"));
            }
        }
    }

    public static void PrintJson(TextWriter output)
    {
        output.WriteLine("\n| | images | baseline, ns an image | ours, ns an image | ratio |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var images in new[] { 1, 100 })
        {
            foreach (var form in new[] { "bytes", "spaced bytes", "floats" })
            {
                var reading = new ReadJsonBenchmarks { Form = form, Images = images };
                reading.Setup();
                PrintPair(output, $"reading {form}", images, Measure(reading.Utf8JsonReader, reading.Ours));
            }
            var writing = new WriteJsonBenchmarks { Images = images };
            writing.Setup();
            PrintPair(output, "writing", images, Measure(() => writing.SystemTextJson(), () => writing.Ours()));
        }
    }

    private static void PrintPair(TextWriter output, string what, int images, double[] seconds) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {images} | {seconds[0] / images * 1e9:F0} | {seconds[1] / images * 1e9:F0} | {seconds[0] / seconds[1]:F1} |"));

    /// <summary>The median seconds a call of each, one after the other in every round.</summary>
    public static double[] Measure(params Action[] candidates)
    {
        var calls = candidates.Select(CallsARound).ToArray();
        var times = candidates.Select(_ => new double[Rounds]).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var call = 0; call < calls[i]; call++)
                    candidates[i]();
                times[i][round] = Stopwatch.GetElapsedTime(start).TotalSeconds / calls[i];
            }
        }
        return [.. times.Select(values => values.Median())];
    }

    private static int CallsARound(Action candidate)
    {
        var calls = 0;
        for (var start = Stopwatch.GetTimestamp(); calls < 3 || Stopwatch.GetElapsedTime(start) < 10 * s_round; calls++)
            candidate();
        return Math.Max(1, calls / 10);
    }
}
