using System.Numerics.Tensors;
using MnistApi.Inference;
using MnistApi.Inference.Datasets;

namespace MnistApi.Training;

/// <summary>A training run cannot go on; the message says what to change.</summary>
public sealed class TrainingException(string message) : Exception(message);

/// <summary>Trains sigmoid networks with a softmax at the end on distorted digits: Adam, step size along a cosine.</summary>
public static class Trainer
{
    /// <summary>A step's pictures are worked on in this many parts whatever the number of cores, and added up in order: so the result does not depend on the cores.</summary>
    private const int Parts = 4;

    /// <summary>Trains a network.</summary>
    /// <param name="set">The training pictures.</param>
    /// <param name="options">What to do with them.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellation">Looked at between steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="TrainingException">The weights left the range of float32.</exception>
    /// <exception cref="OperationCanceledException">The token asked to stop.</exception>
    public static Network Train(
        MnistSet set, TrainingOptions options, IProgress<EpochReport>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.LearningRate, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Holdout, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Holdout, 0.9, nameof(options));

        var trained = set.Count - (int)(set.Count * options.Holdout);
        var parameters = new Parameters([MnistImage.Pixels, .. options.Hidden, MnistImage.Classes]);
        var random = new RandomStream(options.Seed);
        parameters.Initialize(ref random);
        var adam = new Adam(parameters.All.Length);
        var parts = Enumerable.Range(0, Parts).Select(_ => new Part(parameters)).ToArray();
        var order = Enumerable.Range(0, trained).ToArray();
        var steps = (long)options.Epochs * ((trained + options.Batch - 1) / options.Batch);
        long step = 0;

        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            random.Shuffle(order);
            double loss = 0;
            for (var first = 0; first < trained; first += options.Batch, step++)
            {
                cancellation.ThrowIfCancellationRequested();
                var batch = order.AsMemory(first, Math.Min(options.Batch, trained - first));
                loss += AddGradients(parts, parameters, set, batch, options, epoch);
                var gradient = parts[0].Gradient.Gradient.All;
                TensorPrimitives.Divide(gradient, batch.Length, gradient);
                adam.Step(parameters.All, gradient, options.LearningRate * (1 + MathF.Cos(MathF.PI * step / steps)) / 2);
            }
            if (!float.IsFinite(TensorPrimitives.Sum<float>(parameters.All)))
                throw new TrainingException($"the training diverged in epoch {epoch}: try a learning rate below {options.LearningRate}");
            progress?.Report(new EpochReport(epoch, options.Epochs, loss / trained, Accuracy(parameters, set, trained)));
        }
        return parameters.ToNetwork();
    }

    /// <summary>Leaves the sum of a batch's gradients in the first part; returns the sum of its losses.</summary>
    private static double AddGradients(
        Part[] parts, Parameters parameters, MnistSet set, ReadOnlyMemory<int> batch, TrainingOptions options, int epoch)
    {
        Parallel.For(0, parts.Length, p =>
        {
            int from = batch.Length * p / parts.Length, to = batch.Length * (p + 1) / parts.Length;
            parts[p].Run(parameters, set, batch.Span[from..to], options, epoch);
        });
        var sum = parts[0].Gradient.Gradient.All;
        foreach (var part in parts.AsSpan(1))
            TensorPrimitives.Add(sum, part.Gradient.Gradient.All, sum);
        return parts.Sum(part => part.Gradient.Loss);
    }

    private static double Accuracy(Parameters parameters, MnistSet set, int from)
    {
        if (from == set.Count)
            return double.NaN;
        var network = parameters.ToNetwork();
        var y = new float[(set.Count - from) * network.Outputs];
        network.Forward(set.Pixels.Span[(from * network.Inputs)..], y);
        var correct = Enumerable.Range(from, set.Count - from)
            .Count(i => Classes.Best(y.AsSpan((i - from) * network.Outputs, network.Outputs)) == set.Labels.Span[i]);
        return (double)correct / (set.Count - from);
    }

    /// <summary>The share of a step that one thread does.</summary>
    private sealed class Part(Parameters shape)
    {
        private readonly Distortion _distortion = new();

        public Backpropagation Gradient { get; } = new(shape);

        public void Run(Parameters parameters, MnistSet set, ReadOnlySpan<int> pictures, TrainingOptions options, int epoch)
        {
            Gradient.Reset();
            foreach (var picture in pictures)
            {
                var random = new RandomStream(options.Seed, epoch, picture);
                _distortion.Apply(set.Image(picture), options.Strength, ref random, Gradient.Input);
                Gradient.Add(parameters, set.Labels.Span[picture]);
            }
        }
    }
}
