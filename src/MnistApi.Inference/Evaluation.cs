using System.Diagnostics;
using MnistApi.Inference.Datasets;

namespace MnistApi.Inference;

/// <summary>How a network did on a set of labelled pictures.</summary>
/// <param name="Confusion">Counts by true digit and answer.</param>
/// <param name="Batch">Images a forward pass.</param>
/// <param name="Elapsed">Time of the forward passes and the counting.</param>
public sealed record Evaluation(ConfusionMatrix Confusion, int Batch, TimeSpan Elapsed)
{
    /// <summary>Runs every picture of <paramref name="set"/> through <paramref name="network"/>,
    /// <paramref name="batch"/> at a time, on the calling thread.</summary>
    /// <param name="network">A network from 784 pixels to 10 classes.</param>
    /// <param name="set">The pictures and their digits.</param>
    /// <param name="batch">At least 1; the answer does not depend on it, the time does.</param>
    /// <param name="progress">Told the number of pictures done, after each batch.</param>
    /// <param name="answers">Receives the answered digit of each picture; left out where nobody wants to know.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="ArgumentException">There is not room for every answer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    /// <exception cref="OperationCanceledException">The token asked to stop.</exception>
    public static Evaluation Run(
        Network network, MnistSet set, int batch, IProgress<int>? progress = null, byte[]? answers = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (answers?.Length < set.Count)
            throw new ArgumentException($"expected room for {set.Count} answers, got {answers.Length}", nameof(answers));
        var confusion = new ConfusionMatrix();
        var y = new float[Math.Min(batch, set.Count) * network.Outputs];
        var pixels = set.Pixels.Span;
        var labels = set.Labels.Span;
        var clock = Stopwatch.StartNew();
        for (var first = 0; first < set.Count; first += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(batch, set.Count - first);
            network.Forward(pixels.Slice(first * network.Inputs, count * network.Inputs), y);
            for (var i = 0; i < count; i++)
            {
                var answer = Classes.Best(y.AsSpan(i * network.Outputs, network.Outputs));
                confusion.Add(labels[first + i], answer);
                if (answers is not null)
                    answers[first + i] = (byte)answer;
            }
            progress?.Report(first + count);
        }
        return new Evaluation(confusion, batch, clock.Elapsed);
    }

    /// <summary>Pictures a second of <see cref="Elapsed"/>.</summary>
    public double ImagesPerSecond => Confusion.Total / Math.Max(Elapsed.TotalSeconds, 1e-9);
}
