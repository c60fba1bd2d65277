using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>A dense layer in the making: x·W + b, W row-major as inputs x outputs, then an activation once it is known.</summary>
internal sealed record DraftLayer(double[] Weights, double[] Bias, Activation? Activation = null);

/// <summary>Each of the numbers on their way is multiplied and shifted.</summary>
internal sealed record Affine(double[] Factors, double[] Shifts);

/// <summary>A network in the making. What is done to numbers between dense layers is folded into the layer before or after.</summary>
internal sealed record NetworkDraft(IReadOnlyList<DraftLayer> Layers, Affine? Pending = null)
{
    public static NetworkDraft Empty { get; } = new([]);

    public int Width => Layers.Count == 0 ? MnistImage.Pixels : Layers[^1].Bias.Length;

    /// <summary>x becomes alpha * x·W + beta * b; the matrix stands as inputs x outputs, or transposed, b may be one number.</summary>
    public NetworkDraft Dense(Tensor matrix, bool isTransposed, Tensor? bias, double alpha = 1, double beta = 1)
    {
        WeightsFile.RequireFinite(matrix);
        var (inputs, outputs) = (matrix.Shape[isTransposed ? 1 : 0], matrix.Shape[isTransposed ? 0 : 1]);
        if (inputs != Width || outputs == 0)
        {
            throw new WeightsFormatException($"expected the layer '{matrix.Name}' to have {Width} inputs, "
                + $"{(Layers.Count == 0 ? "the pixels of a picture" : "the outputs of the layer before")}, got {inputs}");
        }
        if (bias is not null && bias.Values.Length != outputs && bias.Values.Length != 1)
        {
            throw new WeightsFormatException(
                $"expected '{bias.Name}' to have {outputs} numbers, as '{matrix.Name}' has outputs, got {bias.ShapeText}");
        }
        var w = new double[matrix.Values.Length];
        double[] b = [.. Spread(bias is null ? [0] : Numbers(bias), outputs).Select(number => beta * number)];
        var values = matrix.Values.Span;
        for (var i = 0; i < w.Length; i++)
        {
            var (input, output) = (i / outputs, i % outputs);
            w[i] = alpha * values[isTransposed ? output * inputs + input : i];
            b[output] += w[i] * (Pending?.Shifts[input] ?? 0);
            w[i] *= Pending?.Factors[input] ?? 1;
        }
        return new NetworkDraft([.. Layers, new DraftLayer(w, b)]);
    }

    public NetworkDraft Activate(Activation activation) => Layers is [.., { Activation: null } last] && Pending is null
        ? WithLast(last with { Activation = activation })
        : throw new WeightsFormatException($"expected {activation.Name()} to follow a dense layer, it follows something else");

    /// <summary>x becomes x * factor + shift, each number with its own or all with one.</summary>
    public NetworkDraft Scale(double[] factors, double[] shifts)
    {
        var (factor, shift) = (Spread(factors, Width), Spread(shifts, Width));
        if (Layers is [.., { Activation: null } last])
        {
            return WithLast(new DraftLayer(
                [.. last.Weights.Select((w, i) => w * factor[i % factor.Length])],
                [.. last.Bias.Select((b, i) => b * factor[i] + shift[i])]));
        }
        return this with
        {
            Pending = Pending is null ? new Affine(factor, shift) : new Affine(
                [.. Pending.Factors.Select((f, i) => f * factor[i])], [.. Pending.Shifts.Select((s, i) => s * factor[i] + shift[i])]),
        };
    }

    /// <summary>
    /// Batch normalisation with the statistics of the training: (x - mean) / sqrt(variance + epsilon) * gamma + beta; what is left out
    /// changes nothing.
    /// </summary>
    public NetworkDraft Normalize(Tensor? gamma, Tensor? beta, Tensor? mean, Tensor? variance, double epsilon)
    {
        if (Array.Find([gamma, beta, mean, variance], part => part is not null && part.Values.Length != Width) is { } other)
            throw new WeightsFormatException($"expected batch normalisation of {Width} numbers, got '{other.Name}' {other.ShapeText}");
        double[] Values(Tensor? part, double otherwise) => Spread(part is null ? [otherwise] : Numbers(part), Width);
        var (g, b, m, v) = (Values(gamma, 1), Values(beta, 0), Values(mean, 0), Values(variance, 1));
        double[] factors = [.. g.Select((number, i) => number / Math.Sqrt(v[i] + epsilon))];
        return Scale(factors, [.. b.Select((number, i) => number - m[i] * factors[i])]);
    }

    public Network ToNetwork()
    {
        if (Pending is not null)
            throw new WeightsFormatException("expected the last activation to end the network, its outputs are scaled or shifted");
        var tensors = new List<Tensor>();
        foreach (var (i, layer) in Layers.Index())
        {
            var (w, b) = (Array.ConvertAll(layer.Weights, number => (float)number), Array.ConvertAll(layer.Bias, number => (float)number));
            tensors.Add(new Tensor($"W{i + 1}", [w.Length / b.Length, b.Length], w));
            tensors.Add(new Tensor($"b{i + 1}", [b.Length], b));
        }
        var activations = string.Join(',', Layers.Select(layer => (layer.Activation ?? Activation.Identity).Name()));
        var metadata = new Dictionary<string, string> { [WeightsFile.ActivationsKey] = activations };
        var network = WeightsFile.ToNetwork(new TensorFile(tensors, metadata));
        WeightsFile.RequireDigits(network);
        return network;
    }

    public static double[] Numbers(Tensor tensor)
    {
        WeightsFile.RequireFinite(tensor);
        return Array.ConvertAll(tensor.Values.ToArray(), number => (double)number);
    }

    private NetworkDraft WithLast(DraftLayer layer) => this with { Layers = [.. Layers.SkipLast(1), layer] };

    private static double[] Spread(double[] numbers, int width) =>
        numbers.Length == width ? numbers : [.. Enumerable.Repeat(numbers[0], width)];
}
