using Google.Protobuf;
using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Onnx;

/// <summary>Writes a network as ONNX: pixels in 0..1, any number of pictures, to logits and probabilities.</summary>
internal static class OnnxWriter
{
    private const int IrVersion = 8, Opset = 17, AttributeOfInteger = 2;

    public static byte[] Write(Network network)
    {
        var graph = new GraphProto
        {
            Name = "mnist",
            Input = { Value("pixels", network.Inputs) },
            Output = { Value("probabilities", network.Outputs), Value("logits", network.Outputs) },
        };
        var value = "pixels";
        foreach (var (i, layer) in network.Layers.Index())
        {
            var isLast = i == network.Layers.Count - 1;
            var (w, b, sums, result) = ($"W{i + 1}", $"b{i + 1}", isLast ? "logits" : $"a{i + 1}", isLast ? "probabilities" : $"z{i + 1}");
            graph.Initializer.Add(Constant(w, [layer.Inputs, layer.Outputs], layer.Weights));
            graph.Initializer.Add(Constant(b, [layer.Outputs], layer.Bias));
            graph.Node.Add(Node("Gemm", sums, value, w, b));
            if (layer.Activation == Activation.Step) // 1 above 0
            {
                graph.Initializer.Add(Constant($"{result}_zero", [], [0]));
                graph.Node.Add(Node("Greater", $"{result}_above", sums, $"{result}_zero"));
                graph.Node.Add(Node("Cast", result, $"{result}_above"));
                graph.Node[^1].Attribute.Add(new AttributeProto { Name = "to", I = OnnxFile.Float, Type = AttributeOfInteger });
            }
            else
            {
                graph.Node.Add(Node(layer.Activation.ToString(), result, sums)); // ONNX has the same names
            }
            value = result;
        }
        return new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "mnist",
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Version = Opset } },
        }.ToByteArray();
    }

    private static NodeProto Node(string type, string output, params string[] inputs) =>
        new() { OpType = type, Input = { inputs }, Output = { output } };

    private static TensorProto Constant(string name, long[] shape, ReadOnlySpan<float> values) =>
        new() { Name = name, Dims = { shape }, DataType = OnnxFile.Float, RawData = ByteString.CopyFrom(FloatFormats.Write(values)) };

    private static ValueInfoProto Value(string name, int width)
    {
        var shape = new TensorShapeProto { Dim = { new DimensionProto { DimParam = "batch" }, new DimensionProto { DimValue = width } } };
        return new() { Name = name, Type = new() { TensorType = new TensorTypeProto { ElemType = OnnxFile.Float, Shape = shape } } };
    }
}
