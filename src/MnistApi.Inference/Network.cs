using MnistApi.Inference.Kernels;

namespace MnistApi.Inference;

/// <summary>
/// A feed-forward network of dense layers, of any depth and width. Immutable and safe for any number of
/// threads at once; a forward pass allocates nothing once its thread has run one.
/// </summary>
public sealed class Network
{
    /// <summary><see cref="ForwardParallel(ReadOnlyMemory{byte}, Memory{float}, float)"/> shares the work
    /// from this many images on: with fewer, waking a thread costs more than it saves.</summary>
    public const int ImagesWorthThreads = 2048;

    private readonly PackedLayer[] _packed;
    private readonly Lazy<Network> _logits;

    /// <summary>Chains layers into a network.</summary>
    /// <param name="layers">At least one; each takes as many inputs as the one before has outputs.</param>
    /// <exception cref="ArgumentException">There is no layer, or two neighbours do not fit.</exception>
    public Network(IEnumerable<DenseLayer> layers)
    {
        Layers = [.. layers];
        if (Layers.Count == 0)
            throw new ArgumentException("expected at least one layer", nameof(layers));
        for (var i = 1; i < Layers.Count; i++)
        {
            if (Layers[i].Inputs != Layers[i - 1].Outputs)
            {
                throw new ArgumentException(
                    $"layer {i + 1} takes {Layers[i].Inputs} inputs, but layer {i} gives {Layers[i - 1].Outputs} outputs", nameof(layers));
            }
        }
        _packed = [.. Layers.Select(layer => new PackedLayer(layer))];
        _logits = new Lazy<Network>(() => new Network(this));
    }

    private Network(Network network)
    {
        Layers = [.. network.Layers.SkipLast(1), new DenseLayer(network.Layers[^1].Weights, network.Layers[^1].Bias, Activation.Identity)];
        _packed = [.. network._packed.SkipLast(1), new PackedLayer(network._packed[^1], Activation.Identity)];
        _logits = new Lazy<Network>(this);
    }

    /// <summary>The layers, input side first.</summary>
    public IReadOnlyList<DenseLayer> Layers { get; }

    /// <summary>
    /// The same network (its weights are shared) without the last layer's activation: it gives the logits a3, and this
    /// network's last activation, applied to one image's logits, gives this network's answer bit for bit.
    /// </summary>
    public Network Logits => _logits.Value;

    /// <summary>Numbers in one image.</summary>
    public int Inputs => Layers[0].Inputs;

    /// <summary>Numbers in one answer.</summary>
    public int Outputs => Layers[^1].Outputs;

    /// <summary>Number of weights and biases.</summary>
    public int Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>
    /// y for a batch of images on the calling thread: a1 = x·W1 + b1, z1 = h1(a1), a2 = z1·W2 + b2, ... y.
    /// Images do not influence each other: a batch gives what its images give one by one.
    /// </summary>
    /// <param name="x">The images, one after the other, <see cref="Inputs"/> bytes each.</param>
    /// <param name="y">Receives <see cref="Outputs"/> numbers an image.</param>
    /// <param name="scale">What a byte is multiplied with; 1/255 makes 0..1 of 0..255.</param>
    /// <exception cref="ArgumentException">x is no whole number of images, or y has not the room for their answers.</exception>
    public void Forward(ReadOnlySpan<byte> x, Span<float> y, float scale = 1f / MnistImage.FullInk) =>
        ForwardPass.Best.Run(_packed, x, CheckedBatch(x.Length, y.Length), y, scale);

    /// <inheritdoc cref="Forward(ReadOnlySpan{byte}, Span{float}, float)"/>
    /// <param name="x">The images, one after the other, <see cref="Inputs"/> numbers each.</param>
    /// <param name="y">Receives <see cref="Outputs"/> numbers an image.</param>
    /// <param name="scale">What a number is multiplied with; 1 where they are in 0..1 already.</param>
    public void Forward(ReadOnlySpan<float> x, Span<float> y, float scale = 1f) =>
        ForwardPass.Best.Run(_packed, x, CheckedBatch(x.Length, y.Length), y, scale);

    /// <summary>
    /// The same answer as <see cref="Forward(ReadOnlySpan{byte}, Span{float}, float)"/>, bit for bit. A batch of
    /// <see cref="ImagesWorthThreads"/> or more is shared with idle pool threads; the caller works along
    /// and never waits for a helper that has not begun.
    /// </summary>
    /// <inheritdoc cref="Forward(ReadOnlySpan{byte}, Span{float}, float)"/>
    public void ForwardParallel(ReadOnlyMemory<byte> x, Memory<float> y, float scale = 1f / MnistImage.FullInk)
    {
        if (IsForOneThread(x.Length))
        {
            Forward(x.Span, y.Span, scale);
        }
        else
        {
            InRanges(CheckedBatch(x.Length, y.Length), (first, count) =>
                Forward(x.Span.Slice(first * Inputs, count * Inputs), y.Span[(first * Outputs)..], scale));
        }
    }

    /// <inheritdoc cref="ForwardParallel(ReadOnlyMemory{byte}, Memory{float}, float)"/>
    public void ForwardParallel(ReadOnlyMemory<float> x, Memory<float> y, float scale = 1f)
    {
        if (IsForOneThread(x.Length))
        {
            Forward(x.Span, y.Span, scale);
        }
        else
        {
            InRanges(CheckedBatch(x.Length, y.Length), (first, count) =>
                Forward(x.Span.Slice(first * Inputs, count * Inputs), y.Span[(first * Outputs)..], scale));
        }
    }

    /// <summary>The widths from input to output, such as 784-50-100-10.</summary>
    public override string ToString() => string.Join('-', Layers.Select(layer => layer.Outputs).Prepend(Inputs));

    private static void InRanges(int batch, Action<int, int> run)
    {
        const int Range = ImagesWorthThreads / 4; // small enough to share evenly, large enough to be worth handing over
        Parallel.For(0, (batch + Range - 1) / Range, i => run(i * Range, Math.Min(Range, batch - i * Range)));
    }

    private bool IsForOneThread(int xLength) => xLength / Inputs < ImagesWorthThreads || Environment.ProcessorCount == 1;

    private int CheckedBatch(int xLength, int yLength)
    {
        if (xLength % Inputs != 0)
            throw new ArgumentException($"expected images of {Inputs} numbers, got {xLength} numbers");
        var batch = xLength / Inputs;
        if (yLength < batch * Outputs)
            throw new ArgumentException($"expected room for {batch} answers of {Outputs} numbers, got room for {yLength} numbers");
        return batch;
    }
}
