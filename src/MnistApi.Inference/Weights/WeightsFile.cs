using System.Globalization;
using System.Security.Cryptography;

namespace MnistApi.Inference.Weights;

/// <summary>
/// A network as a safetensors file: tensors W1 b1 W2 b2 ... as in the chapter (W row-major, inputs x outputs) and
/// the activations as metadata. The file's other metadata (who made it, how) travels along.
/// </summary>
public sealed class WeightsFile
{
    /// <summary>Metadata key of the model's name.</summary>
    public const string NameKey = "name";

    /// <summary>Metadata key of the activations, such as "sigmoid,sigmoid,softmax".</summary>
    public const string ActivationsKey = "activations";

    /// <summary>Metadata key of the SHA-256 of the file that the weights were converted from.</summary>
    public const string SourceSha256Key = "source_sha256";

    /// <summary>Metadata key of a sentence on how the weights came to be.</summary>
    public const string CreatedByKey = "created_by";

    private readonly Lazy<string> _sha256;

    private WeightsFile(Network network, IReadOnlyDictionary<string, string> metadata, ReadOnlyMemory<byte> bytes)
    {
        Network = network;
        Metadata = metadata;
        _sha256 = new Lazy<string>(() => Convert.ToHexStringLower(SHA256.HashData(bytes.Span)));
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>All metadata, the activations and the name among them.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>SHA-256 of the file's bytes as they were read, lower-case hexadecimal; computed when first asked for.</summary>
    public string Sha256 => _sha256.Value;

    /// <summary>Reads a weights file of a network from 784 pixels to 10 classes.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="SafetensorsException">It is not a safetensors file.</exception>
    /// <exception cref="WeightsFormatException">Its tensors are not such a network.</exception>
    public static WeightsFile Load(string path) => Read(File.ReadAllBytes(path));

    /// <inheritdoc cref="Load"/>
    /// <param name="bytes">The file's bytes.</param>
    public static WeightsFile Read(ReadOnlyMemory<byte> bytes)
    {
        var file = SafetensorsReader.Read(bytes.Span);
        var network = ToNetwork(file);
        RequireDigits(network);
        return new WeightsFile(network, file.Metadata, bytes);
    }

    /// <summary>Refuses a network that does not take pictures or does not answer with the probabilities of the digits.</summary>
    /// <exception cref="WeightsFormatException">The sizes, the last activation or the size of the numbers do not do.</exception>
    public static void RequireDigits(Network network)
    {
        if (network.Inputs != MnistImage.Pixels)
        {
            throw new WeightsFormatException(
                $"expected W1 to have {MnistImage.Pixels} rows (the pixels of a picture), got {network.Inputs}");
        }
        if (network.Outputs != MnistImage.Classes)
        {
            throw new WeightsFormatException(
                $"expected the last layer to have {MnistImage.Classes} outputs (the digits), got {network.Outputs}");
        }
        if (network.Layers[^1].Activation is not Activation.Softmax and var last)
            throw new WeightsFormatException($"expected the last activation to be softmax, which makes probabilities, got {last.Name()}");
        RequireFiniteSums(network);
    }

    /// <summary>The tensors and metadata that stand for a network.</summary>
    /// <param name="network">Its layers become W1, b1, W2, b2, ...</param>
    /// <param name="metadata">What else to say of it; the activations are added.</param>
    public static TensorFile ToTensors(Network network, IReadOnlyDictionary<string, string> metadata)
    {
        var tensors = new List<Tensor>();
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var layer = network.Layers[i];
            tensors.Add(new Tensor(WeightName(i), [layer.Inputs, layer.Outputs], layer.Weights.ToArray()));
            tensors.Add(new Tensor(BiasName(i), [layer.Outputs], layer.Bias.ToArray()));
        }
        var all = new Dictionary<string, string>(metadata, StringComparer.Ordinal)
        {
            [ActivationsKey] = string.Join(',', network.Layers.Select(layer => layer.Activation.Name())),
        };
        return new TensorFile(tensors, all);
    }

    /// <summary>The network that tensors and metadata stand for, of any depth and width.</summary>
    /// <exception cref="WeightsFormatException">
    /// A tensor is missing, unknown, of the wrong shape, or not finite; or the activations do not fit.
    /// </exception>
    public static Network ToNetwork(TensorFile file)
    {
        var tensors = file.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var depth = 0;
        while (tensors.ContainsKey(WeightName(depth)))
            depth++;
        RequireNames(tensors, depth);
        for (var i = 0; i < depth; i++)
            RequireShapes(tensors[WeightName(i)], tensors[BiasName(i)], i == 0 ? null : tensors[BiasName(i - 1)]);
        var activations = ParseActivations(file.Metadata, depth);
        return new Network(Enumerable.Range(0, depth).Select(i =>
        {
            var (weights, bias) = (tensors[WeightName(i)], tensors[BiasName(i)]);
            RequireFinite(weights);
            RequireFinite(bias);
            return new DenseLayer(weights.Values.Span, bias.Values.Span, activations[i]);
        }));
    }

    /// <summary>Reads activations written as "sigmoid,sigmoid,softmax".</summary>
    /// <exception cref="WeightsFormatException">A name is unknown, or there are not as many as layers.</exception>
    public static IReadOnlyList<Activation> ParseActivations(string text, int layers)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        if (names.Length != layers)
            throw new WeightsFormatException($"expected {layers} activations, one a layer, got {names.Length}: '{text}'");
        return [.. names.Select(name => ActivationNames.TryParse(name, out var activation)
            ? activation
            : throw new WeightsFormatException($"expected activations among {string.Join(", ", ActivationNames.All)}, got '{name}'"))];
    }

    /// <summary>No picture with pixels in 0..1 may overflow float32: else an answer could be no number.</summary>
    private static void RequireFiniteSums(Network network)
    {
        var max = 1.0; // |x|, then |z| of each layer
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var layer = network.Layers[i];
            var sums = new double[layer.Outputs];
            for (var j = 0; j < sums.Length; j++)
            {
                sums[j] = Math.Abs(layer.Bias[j]);
                for (var k = 0; k < layer.Inputs; k++)
                    sums[j] += max * Math.Abs(layer.Weights[k * layer.Outputs + j]);
            }
            max = sums.Max();
            if (max * MnistImage.FullInk > float.MaxValue) // pixels are scaled after they are summed
                throw new WeightsFormatException($"the sums of {WeightName(i)} can reach {max:G3}, more than float32 holds");
            if (layer.Activation is Activation.Sigmoid or Activation.Step or Activation.Softmax)
                max = 1;
        }
    }

    private static IReadOnlyList<Activation> ParseActivations(IReadOnlyDictionary<string, string> metadata, int layers) =>
        metadata.TryGetValue(ActivationsKey, out var text)
            ? ParseActivations(text, layers)
            : throw new WeightsFormatException($"expected the metadata to name the {ActivationsKey}, such as 'sigmoid,sigmoid,softmax'");

    /// <summary>W1, b1, W2, b2 and so on, each of them and nothing else.</summary>
    private static void RequireNames(Dictionary<string, Tensor> tensors, int depth)
    {
        const int Named = 8; // of thousands nobody reads more
        var got = tensors.Count == 0 ? "none at all" : string.Join(", ", tensors.Keys.Take(Named)) + (tensors.Count > Named ? ", ..." : "");
        var expected = Enumerable.Range(0, depth).SelectMany(i => new[] { WeightName(i), BiasName(i) }).ToHashSet(StringComparer.Ordinal);
        if (depth > 0 && expected.FirstOrDefault(name => !tensors.ContainsKey(name)) is { } missing)
            throw new WeightsFormatException($"expected a tensor named {missing}, got {got}");
        if (depth == 0 || tensors.Count > expected.Count)
        {
            throw new WeightsFormatException($"expected tensors named W1, b1, W2, b2 and so on, got {got}"
                + (tensors.Count == 0 ? "" : "; 'mnist convert' reads other names"));
        }
    }

    private static void RequireShapes(Tensor weights, Tensor bias, Tensor? biasBefore)
    {
        if (weights.Shape.Count != 2 || weights.Values.Length == 0)
        {
            throw new WeightsFormatException($"expected {weights.Name} to have the shape [inputs,outputs], got {weights.ShapeText}"
                + (weights.Shape.Count == 4 ? ": convolutions are not supported" : ""));
        }
        if (bias.Shape.Count != 1 || bias.Shape[0] != weights.Shape[1])
        {
            throw new WeightsFormatException(
                $"expected {bias.Name} to have the shape [{weights.Shape[1]}], one a column of {weights.Name}, got {bias.ShapeText}");
        }
        if (biasBefore is not null && biasBefore.Values.Length != weights.Shape[0])
        {
            throw new WeightsFormatException(
                $"expected {weights.Name} to have {biasBefore.Shape[0]} rows, one an output of the layer before, got {weights.ShapeText}");
        }
    }

    /// <summary>Refuses a tensor with a number that is none, and says where it stands.</summary>
    /// <exception cref="WeightsFormatException">A value is NaN or infinite.</exception>
    public static void RequireFinite(Tensor tensor)
    {
        for (var i = 0; i < tensor.Values.Length; i++)
        {
            var value = tensor.Values.Span[i];
            if (float.IsFinite(value))
                continue;
            var place = tensor.Shape.Count == 2 ? $"{i / tensor.Shape[1]},{i % tensor.Shape[1]}" : $"{i}";
            throw new WeightsFormatException(
                string.Create(CultureInfo.InvariantCulture, $"expected finite float32 numbers, got {value} at {tensor.Name}[{place}]"));
        }
    }

    private static string WeightName(int layer) => string.Create(CultureInfo.InvariantCulture, $"W{layer + 1}");

    private static string BiasName(int layer) => string.Create(CultureInfo.InvariantCulture, $"b{layer + 1}");
}
