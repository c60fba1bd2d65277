using System.Buffers.Binary;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Onnx;

/// <summary>An operation on named values.</summary>
internal sealed record OnnxNode(string Type, string Name, List<string> Inputs, List<string> Outputs)
{
    public Dictionary<string, float> Floats { get; } = [];

    public Dictionary<string, List<long>> Integers { get; } = [];

    /// <summary>The tensor that an attribute holds: a Constant's value; null for what is no float.</summary>
    public Tensor? Value { get; set; }

    public bool Flag(string name) => Integers.GetValueOrDefault(name) is [not 0, ..];
}

/// <summary>
/// What of an ONNX file matters here: its operators, its constants (null for what is no float), its inputs with their element types and its
/// outputs. The numbers of the fields are those of ONNX's message definitions.
/// </summary>
internal sealed record OnnxModel(
    List<OnnxNode> Nodes, Dictionary<string, Tensor?> Constants, Dictionary<string, long> Inputs, List<string> Outputs)
{
    private const int MinOpset = 7;

    /// <exception cref="WeightsFormatException">The bytes are no such file.</exception>
    public static OnnxModel Parse(ReadOnlySpan<byte> file)
    {
        var model = new OnnxModel([], new(StringComparer.Ordinal), new(StringComparer.Ordinal), []);
        for (var reader = new ProtobufReader(file); reader.Next();)
        {
            if (reader.Field == 7)
                model.ReadGraph(reader.Bytes);
            else if (reader.Field == 8)
                RequireOpset(reader.Bytes);
        }
        foreach (var name in model.Constants.Keys)
            model.Inputs.Remove(name);
        return model.Nodes.Count > 0 ? model : throw new WeightsFormatException("expected an ONNX graph with operators, got none");
    }

    private static void RequireOpset(ReadOnlySpan<byte> message)
    {
        var (domain, version) = ("", 0L);
        for (var reader = new ProtobufReader(message); reader.Next();)
            (domain, version) = reader.Field switch { 1 => (reader.Text, version), 2 => (domain, reader.Number), _ => (domain, version) };
        if (domain is "" or "ai.onnx" && version < MinOpset)
        {
            throw new WeightsFormatException(
                $"expected ONNX opset {MinOpset} or later, got {version}; export it again with opset_version=17");
        }
    }

    private void ReadGraph(ReadOnlySpan<byte> message)
    {
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: Nodes.Add(ReadNode(reader.Bytes)); break;
                case 5:
                    var name = ReadTensor(reader.Bytes, out var tensor);
                    Constants[name] = tensor;
                    break;
                case 11: Inputs[ReadName(reader.Bytes, out var type)] = type; break;
                case 12: Outputs.Add(ReadName(reader.Bytes, out _)); break;
                case 15: throw new WeightsFormatException("the ONNX file has sparse weights, which are not read");
            }
        }
    }

    private static OnnxNode ReadNode(ReadOnlySpan<byte> message)
    {
        var node = new OnnxNode("", "", [], []);
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: node.Inputs.Add(reader.Text); break;
                case 2: node.Outputs.Add(reader.Text); break;
                case 3: node = node with { Name = reader.Text }; break;
                case 4: node = node with { Type = reader.Text }; break;
                case 5: ReadAttribute(reader.Bytes, node); break;
            }
        }
        return node;
    }

    private static void ReadAttribute(ReadOnlySpan<byte> message, OnnxNode node)
    {
        var (name, integers) = ("", new List<long>());
        float? number = null;
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: name = reader.Text; break;
                case 2: number = reader.Single; break;
                case 3 or 8: reader.AddNumbersTo(integers); break;
                case 5:
                    ReadTensor(reader.Bytes, out var tensor);
                    node.Value = tensor;
                    break;
            }
        }
        node.Integers[name] = integers;
        if (number is { } value)
            node.Floats[name] = value;
        if (name == "value_float" && number is { } constant)
            node.Value = new Tensor("", [], new[] { constant });
    }

    private static string ReadName(ReadOnlySpan<byte> message, out long elementType)
    {
        (var name, elementType) = ("", 0);
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            if (reader.Field == 1)
                name = reader.Text;
            for (var type = new ProtobufReader(reader.Field == 2 ? reader.Bytes : []); type.Next();)
            {
                for (var tensor = new ProtobufReader(type.Field == 1 ? type.Bytes : []); tensor.Next();)
                    elementType = tensor.Field == 1 ? tensor.Number : elementType;
            }
        }
        return name;
    }

    /// <summary>A tensor with its name; null where it holds no floats.</summary>
    private static string ReadTensor(ReadOnlySpan<byte> message, out Tensor? tensor)
    {
        var (name, type, shape, halves) = ("", 0L, new List<long>(), new List<long>());
        using var data = new MemoryStream();
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: reader.AddNumbersTo(shape); break;
                case 2: type = reader.Number; break;
                case 4 or 9 or 10: data.Write(reader.Bytes); break; // floats, raw data, doubles
                case 5 when type is 10 or 16: reader.AddNumbersTo(halves); break;
                case 8: name = reader.Text; break;
                case 14 when reader.Number == 1:
                    throw new WeightsFormatException($"'{name}' lies in a file beside this one; save with save_as_external_data=False");
            }
        }
        Span<byte> half = stackalloc byte[sizeof(ushort)];
        foreach (var bits in halves)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(half, (ushort)bits);
            data.Write(half);
        }
        FloatFormat? format = type switch
        {
            1 => FloatFormat.Float32,
            10 => FloatFormat.Float16,
            11 => FloatFormat.Float64,
            16 => FloatFormat.BFloat16,
            _ => null,
        };
        tensor = format is { } floats ? TensorDecoder.Decode(shape, floats, false, data.GetBuffer().AsSpan(0, (int)data.Length)) : null;
        tensor = tensor is null ? null : tensor with { Name = name };
        return name;
    }
}
