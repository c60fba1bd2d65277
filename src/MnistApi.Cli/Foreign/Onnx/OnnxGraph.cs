using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Onnx;

/// <summary>
/// Follows a picture's numbers through an ONNX graph and writes down the dense layers they meet. A value is a constant, the picture
/// on its way, or aside: shapes, and answers read off the probabilities.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private readonly List<NetworkDraft> _ends = [];
    private readonly List<string> _notes;
    private readonly bool _isOfBytes;

    private static readonly object s_aside = new();

    /// <summary>The picture on its way, as rows or, transposed, as columns.</summary>
    private sealed record Trunk(NetworkDraft Draft, bool IsTransposed);

    private OnnxGraph(OnnxModel model, Affine? input, List<string> notes)
    {
        _notes = notes;
        foreach (var (name, tensor) in model.Constants)
            _values[name] = tensor ?? s_aside;
        if (model.Inputs.Count != 1)
        {
            throw new WeightsFormatException(
                $"expected one input, the pixels, got {model.Inputs.Count}: {LayerFinder.List(model.Inputs.Keys)}");
        }
        var (pixels, type) = model.Inputs.First();
        _isOfBytes = type is >= 2 and <= 7; // whole numbers
        _values[pixels] = new Trunk(NetworkDraft.Empty with { Pending = input }, false);
    }

    /// <exception cref="WeightsFormatException">An operator is none of a dense network's, or stands where it cannot.</exception>
    public static NetworkDraft Read(OnnxModel model, string? activations, Affine? input, List<string> notes)
    {
        if (activations is not null)
            throw new WeightsFormatException("the ONNX file names its activations itself; leave --activations out");
        var graph = new OnnxGraph(model, input, notes);
        foreach (var node in model.Nodes)
            graph.Run(node);
        graph._ends.AddRange(model.Outputs.Select(name => graph._values.GetValueOrDefault(name)).OfType<Trunk>().Select(end => end.Draft));
        var draft = graph._ends.Where(end => end.Layers.Count > 0)
            .MaxBy(end => (end.Layers.Count, end.Layers[^1].Activation == Activation.Softmax))
            ?? throw new WeightsFormatException("expected dense layers (Gemm or MatMul) between the input and an output, got none");
        if (draft.Layers[^1].Activation is not null || draft.Pending is not null)
            return draft;
        notes.Add("the file ends with logits: softmax added");
        return draft.Activate(Activation.Softmax);
    }

    private void Run(OnnxNode node)
    {
        var inputs = node.Inputs.Where(name => name.Length > 0).Select(name => _values.TryGetValue(name, out var value)
            ? value
            : throw new WeightsFormatException($"{Name(node)} takes '{name}', which nothing before it gives")).ToArray();
        object result;
        try
        {
            result = Array.Find(inputs, input => input is Trunk) is Trunk trunk ? Apply(node, trunk, inputs) : Constant(node, inputs);
        }
        catch (WeightsFormatException error)
        {
            throw new WeightsFormatException($"{Name(node)}: {error.Message}", error);
        }
        foreach (var output in node.Outputs)
            _values[output] = result;
    }

    private static string Name(OnnxNode node) => $"operator {node.Type}{(node.Name.Length > 0 ? $" ('{node.Name}')" : "")}";

    private static object Constant(OnnxNode node, object[] inputs) => (node.Type, inputs) switch
    {
        ("Constant", _) => node.Value ?? s_aside,
        ("Identity" or "Cast" or "Reshape" or "Squeeze" or "Unsqueeze", [Tensor tensor, ..]) => tensor,
        ("Transpose", [Tensor { Shape.Count: 2 } tensor]) => new Tensor(tensor.Name, [tensor.Shape[1], tensor.Shape[0]],
            Array.ConvertAll(DraftLayer.Of(tensor, isTransposed: true, null).Weights, weight => (float)weight)),
        _ when inputs.OfType<Tensor>().Any() && !inputs.Contains(s_aside) =>
            throw new WeightsFormatException("is applied to constants; fold constants when exporting (do_constant_folding=True)"),
        _ => s_aside,
    };

    private object Apply(OnnxNode node, Trunk trunk, object[] inputs)
    {
        var draft = trunk.Draft;
        switch (node.Type)
        {
            case "Identity" or "Dropout" or "Cast" or "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze":
                return ReferenceEquals(inputs[0], trunk) ? trunk : s_aside;
            case "Transpose" when node.Integers.GetValueOrDefault("perm") is null or [1, 0]:
                return trunk with { IsTransposed = !trunk.IsTransposed };
            case "Gemm" or "MatMul": return Dense(node, trunk, inputs);
            case "Add" or "Sub" or "Mul" or "Div" when inputs is [Tensor, _] or [_, Tensor]:
                return trunk with { Draft = Elementwise(node, trunk, inputs) };
            case "Relu": return trunk with { Draft = draft.Activate(Activation.Relu) };
            case "Sigmoid": return trunk with { Draft = draft.Activate(Activation.Sigmoid) };
            case "Softmax" or "LogSoftmax": return trunk with { Draft = draft.Activate(Activation.Softmax) };
            case "BatchNormalization" when inputs is [Trunk, Tensor gamma, Tensor beta, Tensor mean, Tensor variance]:
                double[][] parts = [Numbers(gamma), Numbers(beta), Numbers(mean), Numbers(variance)];
                if (parts.Any(part => part.Length != draft.Width))
                    throw new WeightsFormatException($"expected {draft.Width} numbers in each input");
                var epsilon = node.Floats.GetValueOrDefault("epsilon", 1e-5f);
                return trunk with { Draft = draft.Normalize(parts[0], parts[1], parts[2], parts[3], epsilon) };
            case "ArgMax" or "TopK" or "ZipMap" or "ArrayFeatureExtractor" or "Normalizer":
                _notes.Add($"passed over: {node.Type}, which reads the answer off");
                _ends.Add(draft);
                return s_aside;
            case "Shape" or "Size": return s_aside;
            case "Conv" or "LSTM" or "GRU" or "RNN":
                throw new WeightsFormatException(
                    $"{(node.Type == "Conv" ? "convolutions" : "recurrent layers")} are not supported, only dense layers are read");
            default: throw new WeightsFormatException("is not supported, or not in this place; only dense layers are read");
        }
    }

    /// <summary>y = alpha * x·W + beta * c; or with the picture as a column W·x.</summary>
    private Trunk Dense(OnnxNode node, Trunk trunk, object[] inputs)
    {
        var isFirst = inputs[0] is Trunk;
        if (inputs.Length < 2 || inputs[isFirst ? 1 : 0] is not Tensor { Shape.Count: 2 } weights)
            throw new WeightsFormatException("expected one matrix of constants");
        WeightsFile.RequireFinite(weights);
        var (transA, transB) = (node.Flag("transA"), node.Flag("transB"));
        if ((trunk.IsTransposed ^ (isFirst ? transA : transB)) == isFirst)
            throw new WeightsFormatException("multiplies the pictures of a batch with each other");
        var bias = inputs.Length < 3 ? null
            : inputs[2] is Tensor c ? Numbers(c)
            : throw new WeightsFormatException("expected constants to add");
        var layer = DraftLayer.Of(weights, isFirst ? transB : !transA, null, node.Floats.GetValueOrDefault("alpha", 1));
        if (bias is not null && bias.Length != 1 && bias.Length != layer.Outputs)
            throw new WeightsFormatException($"expected {layer.Outputs} numbers to add, got {bias.Length}");
        var beta = node.Floats.GetValueOrDefault("beta", 1);
        if (bias is not null)
            layer = layer with { Bias = [.. Enumerable.Range(0, layer.Outputs).Select(i => beta * bias[bias.Length == 1 ? 0 : i])] };
        var draft = trunk.Draft;
        // The service gives pixels in 0..1; a network that divides them by 255 or takes whole numbers was made for bytes.
        if (draft.Layers.Count == 0 && (_isOfBytes || draft.Pending?.Factors.Max(Math.Abs) < 0.1))
        {
            var affine = draft.Pending ?? new Affine([1], [0]);
            draft = draft with { Pending = affine with { Factors = [.. affine.Factors.Select(factor => factor * MnistImage.FullInk)] } };
            _notes.Add("the network takes pixels in 0..255: folded into the first layer, so that it takes 0..1");
        }
        return new Trunk(draft.Dense(layer), !isFirst);
    }

    private static NetworkDraft Elementwise(OnnxNode node, Trunk trunk, object[] inputs)
    {
        var isFirst = inputs[0] is Trunk;
        var tensor = (Tensor)inputs[isFirst ? 1 : 0];
        var numbers = Numbers(tensor);
        var isAtInput = trunk.Draft.Layers.Count == 0; // where it may be 28x28
        var along = tensor.Shape.Count == 0 ? 1 : trunk.IsTransposed ? tensor.Shape[0] : isAtInput ? numbers.Length : tensor.Shape[^1];
        if (numbers.Length != 1 && (numbers.Length != trunk.Draft.Width || along != numbers.Length))
            throw new WeightsFormatException($"expected one number or {trunk.Draft.Width}, got the shape {tensor.ShapeText}");
        return (node.Type, isFirst) switch
        {
            ("Add", _) => trunk.Draft.Scale([1], numbers),
            ("Sub", true) => trunk.Draft.Scale([1], Array.ConvertAll(numbers, number => -number)),
            ("Sub", false) => trunk.Draft.Scale([-1], numbers),
            ("Mul", _) => trunk.Draft.Scale(numbers, [0]),
            ("Div", true) => trunk.Draft.Scale(Array.ConvertAll(numbers, number => 1 / number), [0]),
            _ => throw new WeightsFormatException("divides constants by the picture"),
        };
    }

    private static double[] Numbers(Tensor tensor)
    {
        WeightsFile.RequireFinite(tensor);
        return Array.ConvertAll(tensor.Values.ToArray(), number => (double)number);
    }
}
