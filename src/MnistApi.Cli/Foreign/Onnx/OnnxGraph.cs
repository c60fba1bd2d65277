using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Onnx;

/// <summary>
/// Follows a picture's numbers through an ONNX graph and writes down the dense layers they meet. A value is a constant, the picture
/// on its way, or, as null, aside: shapes, and answers read off the probabilities.
/// </summary>
internal sealed class OnnxGraph(List<string> notes)
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);
    private readonly List<NetworkDraft> _ends = [];
    private bool _isOfBytes;

    /// <summary>The picture on its way, as rows or, transposed, as columns.</summary>
    private sealed record Trunk(NetworkDraft Draft, bool IsTransposed);

    public NetworkDraft Read(ModelProto model, string? activations, NetworkDraft start)
    {
        if (activations is not null)
            throw new WeightsFormatException("the ONNX file names its activations itself; leave --activations out");
        var graph = model.Graph ?? new GraphProto();
        foreach (var constant in graph.Initializer)
            _values[constant.Name] = OnnxFile.ToTensor(constant);
        if (graph.Node.Count == 0)
            throw new WeightsFormatException("expected an ONNX graph with operators, got none");
        var inputs = graph.Input.Where(input => !_values.ContainsKey(input.Name)).DistinctBy(input => input.Name).ToArray();
        if (inputs is not [var pixels])
        {
            throw new WeightsFormatException(
                $"expected one input, the pixels, got {inputs.Length}: {LayerFinder.List(inputs.Select(input => input.Name))}");
        }
        _isOfBytes = pixels.Type?.TensorType?.ElemType is >= 2 and <= 7; // whole numbers
        _values[pixels.Name] = new Trunk(start, false);
        foreach (var node in graph.Node)
            Run(node);
        _ends.AddRange(graph.Output.Select(output => _values.GetValueOrDefault(output.Name)).OfType<Trunk>().Select(end => end.Draft));
        var draft = _ends.Where(end => end.Layers.Count > 0)
            .MaxBy(end => (end.Layers.Count, end.Layers[^1].Activation == Activation.Softmax))
            ?? throw new WeightsFormatException("expected dense layers (Gemm or MatMul) between the input and an output, got none");
        if (draft.Layers[^1].Activation is not null || draft.Pending is not null)
            return draft;
        notes.Add("the file ends with logits: softmax added");
        return draft.Activate(Activation.Softmax);
    }

    private void Run(NodeProto node)
    {
        var title = $"operator {node.OpType}{(node.Name.Length > 0 ? $" ('{node.Name}')" : "")}";
        object?[] inputs = [.. node.Input.Where(name => name.Length > 0).Select(name => _values.TryGetValue(name, out var value)
            ? value
            : throw new WeightsFormatException($"{title} takes '{name}', which nothing before it gives"))];
        var result = ForeignWeights.At<object?>(title, () =>
            Array.Find(inputs, input => input is Trunk) is Trunk trunk ? Apply(node, trunk, inputs) : Constant(node, inputs));
        foreach (var output in node.Output)
            _values[output] = result;
    }

    private static Tensor? Constant(NodeProto node, object?[] inputs) => (node.OpType, inputs) switch
    {
        ("Constant", _) => node.Attribute.Select(Value).LastOrDefault(value => value is not null),
        ("Identity" or "Cast" or "Reshape" or "Squeeze" or "Unsqueeze", [Tensor tensor, ..]) => tensor,
        ("Transpose", [Tensor { Shape: [var rows, var columns] } tensor]) => new Tensor(tensor.Name, [columns, rows],
            Enumerable.Range(0, rows * columns).Select(i => tensor.Values.Span[i % rows * columns + i / rows]).ToArray()),
        _ when inputs.OfType<Tensor>().Any() && !inputs.Contains(null) =>
            throw new WeightsFormatException("is applied to constants; fold constants when exporting (do_constant_folding=True)"),
        _ => null,
    };

    private static Tensor? Value(AttributeProto attribute) => attribute.T is not null ? OnnxFile.ToTensor(attribute.T)
        : attribute.Name == "value_float" ? new Tensor("", [], new[] { attribute.F })
        : null;

    private Trunk? Apply(NodeProto node, Trunk trunk, object?[] inputs)
    {
        var draft = trunk.Draft;
        switch (node.OpType)
        {
            case "Identity" or "Dropout" or "Cast" or "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze":
                return ReferenceEquals(inputs[0], trunk) ? trunk : null;
            case "Transpose" when Attribute(node, "perm")?.Ints is null or [1, 0]:
                return trunk with { IsTransposed = !trunk.IsTransposed };
            case "Gemm" or "MatMul": return Dense(node, trunk, inputs);
            case "Add" or "Sub" or "Mul" or "Div" when inputs is [Tensor, _] or [_, Tensor]:
                return trunk with { Draft = Elementwise(node, trunk, inputs) };
            case "Relu" or "Sigmoid" or "Softmax": return trunk with { Draft = draft.Activate(Enum.Parse<Activation>(node.OpType)) };
            case "LogSoftmax": return trunk with { Draft = draft.Activate(Activation.Softmax) };
            case "BatchNormalization" when inputs is [Trunk, Tensor gamma, Tensor beta, Tensor mean, Tensor variance]:
                return trunk with { Draft = draft.Normalize(gamma, beta, mean, variance, Number(node, "epsilon", 1e-5f)) };
            case "ArgMax" or "TopK" or "ZipMap" or "ArrayFeatureExtractor" or "Normalizer":
                notes.Add($"passed over: {node.OpType}, which reads the answer off");
                _ends.Add(draft);
                return null;
            case "Shape" or "Size": return null;
            case "Conv": throw new WeightsFormatException("convolutions are not supported, only dense layers are read");
            case "LSTM" or "GRU" or "RNN":
                throw new WeightsFormatException("recurrent layers are not supported, only dense layers are read");
            default: throw new WeightsFormatException("is not supported, or not in this place; only dense layers are read");
        }
    }

    /// <summary>y = alpha * x·W + beta * c; or with the picture as a column W·x.</summary>
    private Trunk Dense(NodeProto node, Trunk trunk, object?[] inputs)
    {
        var isFirst = inputs[0] is Trunk;
        if (inputs.Length < 2 || inputs[isFirst ? 1 : 0] is not Tensor { Shape.Count: 2 } weights)
            throw new WeightsFormatException("expected one matrix of constants");
        bool transA = Attribute(node, "transA") is { I: not 0 }, transB = Attribute(node, "transB") is { I: not 0 };
        if ((trunk.IsTransposed ^ (isFirst ? transA : transB)) == isFirst)
            throw new WeightsFormatException("multiplies the pictures of a batch with each other");
        if (inputs.Length > 2 && inputs[2] is not Tensor)
            throw new WeightsFormatException("expected constants to add");
        var draft = trunk.Draft;
        // The service gives pixels in 0..1; a network that divides them by 255 or takes whole numbers was made for bytes.
        if (draft.Layers.Count == 0 && (_isOfBytes || draft.Pending?.Factors.Max(Math.Abs) < 0.1))
        {
            var (factors, shifts) = draft.Scale([1], [0]).Pending!;
            draft = draft with { Pending = new Affine([.. factors.Select(factor => factor * MnistImage.FullInk)], shifts) };
            notes.Add("the network takes pixels in 0..255: folded into the first layer, so that it takes 0..1");
        }
        var bias = inputs.ElementAtOrDefault(2) as Tensor;
        var dense = draft.Dense(weights, isFirst ? transB : !transA, bias, Number(node, "alpha", 1), Number(node, "beta", 1));
        return new Trunk(dense, !isFirst);
    }

    private static NetworkDraft Elementwise(NodeProto node, Trunk trunk, object?[] inputs)
    {
        var isFirst = inputs[0] is Trunk;
        var tensor = (Tensor)inputs[isFirst ? 1 : 0]!;
        var numbers = NetworkDraft.Numbers(tensor);
        var isAtInput = trunk.Draft.Layers.Count == 0; // where it may be 28x28
        var along = tensor.Shape.Count == 0 ? 1 : trunk.IsTransposed ? tensor.Shape[0] : isAtInput ? numbers.Length : tensor.Shape[^1];
        if (numbers.Length != 1 && (numbers.Length != trunk.Draft.Width || along != numbers.Length))
            throw new WeightsFormatException($"expected one number or {trunk.Draft.Width}, got the shape {tensor.ShapeText}");
        return (node.OpType, isFirst) switch
        {
            ("Add", _) => trunk.Draft.Scale([1], numbers),
            ("Sub", true) => trunk.Draft.Scale([1], Array.ConvertAll(numbers, number => -number)),
            ("Sub", false) => trunk.Draft.Scale([-1], numbers),
            ("Mul", _) => trunk.Draft.Scale(numbers, [0]),
            ("Div", true) => trunk.Draft.Scale(Array.ConvertAll(numbers, number => 1 / number), [0]),
            _ => throw new WeightsFormatException("divides constants by the picture"),
        };
    }

    private static AttributeProto? Attribute(NodeProto node, string name) => node.Attribute.LastOrDefault(one => one.Name == name);

    private static double Number(NodeProto node, string name, double otherwise) =>
        Attribute(node, name) is { HasF: true } attribute ? attribute.F : otherwise;
}
