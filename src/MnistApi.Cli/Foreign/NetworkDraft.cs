using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>A dense layer in the making: a = x·W + b.</summary>
/// <param name="Name">What the file calls it.</param>
/// <param name="Weights">W, row-major, inputs x outputs.</param>
/// <param name="Bias">b; its length is the number of outputs.</param>
/// <param name="Activation">Null until it is known.</param>
internal sealed record DraftLayer(string Name, double[] Weights, double[] Bias, Activation? Activation = null)
{
    public int Outputs => Bias.Length;

    public int Inputs => Weights.Length / Math.Max(1, Outputs);

    /// <summary>The layer of a matrix that stands as inputs x outputs, or the other way round.</summary>
    public static DraftLayer Of(Tensor weights, bool isTransposed, double[]? bias, double factor = 1)
    {
        var (rows, columns) = (weights.Shape[0], weights.Shape[1]);
        var values = weights.Values.Span;
        var w = new double[values.Length];
        for (var i = 0; i < w.Length; i++)
            w[isTransposed ? i % columns * rows + i / columns : i] = factor * values[i];
        return new DraftLayer(weights.Name, w, bias ?? new double[isTransposed ? rows : columns]);
    }
}

/// <summary>x is multiplied and shifted, each number by its own or all by one.</summary>
internal sealed record Affine(double[] Factors, double[] Shifts)
{
    public double Factor(int i) => Factors[Factors.Length == 1 ? 0 : i];

    public double Shift(int i) => Shifts[Shifts.Length == 1 ? 0 : i];
}

/// <summary>A network in the making. What is done to numbers between dense layers is folded into the layer before or after.</summary>
internal sealed record NetworkDraft(IReadOnlyList<DraftLayer> Layers, Affine? Pending = null)
{
    public static NetworkDraft Empty { get; } = new([]);

    public int Width => Layers.Count == 0 ? MnistImage.Pixels : Layers[^1].Outputs;

    public NetworkDraft Dense(DraftLayer layer)
    {
        if (layer.Inputs != Width || layer.Weights.Length == 0)
        {
            throw new WeightsFormatException($"expected the layer '{layer.Name}' to have {Width} inputs, "
                + $"{(Layers.Count == 0 ? "the pixels of a picture" : "the outputs of the layer before")}, got {layer.Inputs}");
        }
        if (Pending is { } before)
        {
            var (w, b) = ((double[])layer.Weights.Clone(), (double[])layer.Bias.Clone());
            for (var i = 0; i < w.Length; i++)
            {
                b[i % b.Length] += before.Shift(i / b.Length) * w[i];
                w[i] *= before.Factor(i / b.Length);
            }
            layer = layer with { Weights = w, Bias = b };
        }
        var layers = Layers.ToList();
        if (layers.Count > 0)
            layers[^1] = layers[^1] with { Activation = layers[^1].Activation ?? Activation.Identity };
        return new NetworkDraft([.. layers, layer]);
    }

    public NetworkDraft Activate(Activation activation)
    {
        if (Layers.Count == 0 || Layers[^1].Activation is not null || Pending is not null)
            throw new WeightsFormatException($"expected {activation.Name()} to follow a dense layer, it follows something else");
        return new NetworkDraft([.. Layers.SkipLast(1), Layers[^1] with { Activation = activation }]);
    }

    /// <summary>x becomes x * factor + shift.</summary>
    public NetworkDraft Scale(double[] factors, double[] shifts)
    {
        var step = new Affine(factors, shifts);
        if (Layers.Count == 0 || Layers[^1].Activation is not null)
        {
            var before = Pending ?? new Affine([1], [0]);
            var count = new[] { factors.Length, shifts.Length, before.Factors.Length, before.Shifts.Length }.Max();
            return this with
            {
                Pending = new Affine(
                    [.. Enumerable.Range(0, count).Select(i => before.Factor(i) * step.Factor(i))],
                    [.. Enumerable.Range(0, count).Select(i => before.Shift(i) * step.Factor(i) + step.Shift(i))]),
            };
        }
        var last = Layers[^1];
        return new NetworkDraft([.. Layers.SkipLast(1), last with
        {
            Weights = [.. last.Weights.Select((w, i) => w * step.Factor(i % last.Outputs))],
            Bias = [.. last.Bias.Select((b, j) => b * step.Factor(j) + step.Shift(j))],
        }]);
    }

    /// <summary>Batch normalisation with the statistics of the training: (x - mean) / sqrt(variance + epsilon) * gamma + beta.</summary>
    public NetworkDraft Normalize(double[] gamma, double[] beta, double[] mean, double[] variance, double epsilon)
    {
        var factors = gamma.Select((g, i) => g / Math.Sqrt(variance[i] + epsilon)).ToArray();
        return Scale(factors, [.. beta.Select((b, i) => b - mean[i] * factors[i])]);
    }

    /// <exception cref="WeightsFormatException">It is no network for digits.</exception>
    public Network ToNetwork()
    {
        if (Pending is not null)
            throw new WeightsFormatException("expected the last activation to end the network, its outputs are scaled or shifted");
        var tensors = new List<Tensor>();
        foreach (var (layer, i) in Layers.Select((layer, i) => (layer, i)))
        {
            tensors.Add(new Tensor($"W{i + 1}", [layer.Inputs, layer.Outputs], Array.ConvertAll(layer.Weights, w => (float)w)));
            tensors.Add(new Tensor($"b{i + 1}", [layer.Outputs], Array.ConvertAll(layer.Bias, b => (float)b)));
        }
        var activations = string.Join(',', Layers.Select(layer => (layer.Activation ?? Activation.Identity).Name()));
        var metadata = new Dictionary<string, string> { [WeightsFile.ActivationsKey] = activations };
        var network = WeightsFile.ToNetwork(new TensorFile(tensors, metadata));
        WeightsFile.RequireDigits(network);
        return network;
    }
}
