using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Onnx;

/// <summary>Writes a network as ONNX: pixels in 0..1, any number of pictures, to logits and probabilities.</summary>
internal static class OnnxWriter
{
    private const int IrVersion = 8, Opset = 17, Float = 1;

    public static byte[] Write(Network network)
    {
        var graph = new ProtobufWriter();
        var value = "pixels";
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var (layer, isLast) = (network.Layers[i], i == network.Layers.Count - 1);
            var (sums, result) = (isLast ? "logits" : $"a{i + 1}", isLast ? "probabilities" : $"z{i + 1}");
            AddNode(graph, "Gemm", [value, $"W{i + 1}", $"b{i + 1}"], sums);
            AddActivation(graph, layer.Activation, sums, result);
            value = result;
        }
        graph.Add(2, "mnist");
        if (network.Layers.Any(layer => layer.Activation == Activation.Step))
            AddTensor(graph, "zero", [], [0]);
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var layer = network.Layers[i];
            AddTensor(graph, $"W{i + 1}", [layer.Inputs, layer.Outputs], layer.Weights);
            AddTensor(graph, $"b{i + 1}", [layer.Outputs], layer.Bias);
        }
        graph.Add(11, Value("pixels", network.Inputs)).Add(12, Value("probabilities", network.Outputs))
            .Add(12, Value("logits", network.Outputs));
        return new ProtobufWriter().Add(1, IrVersion).Add(2, "mnist").Add(7, graph)
            .Add(8, new ProtobufWriter().Add(1, "").Add(2, Opset)).ToArray();
    }

    private static void AddActivation(ProtobufWriter graph, Activation activation, string sums, string result)
    {
        if (activation == Activation.Step) // 1 above 0
        {
            AddNode(graph, "Greater", [sums, "zero"], result + "_above");
            AddNode(graph, "Cast", [result + "_above"], result, new ProtobufWriter().Add(1, "to").Add(3, Float).Add(20, 2));
            return;
        }
        AddNode(graph, activation.ToString(), [sums], result); // Identity, Sigmoid, Relu, Softmax: ONNX has the same names
    }

    private static void AddNode(ProtobufWriter graph, string type, string[] inputs, string output, ProtobufWriter? attribute = null)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs)
            node.Add(1, input);
        node.Add(2, output).Add(4, type);
        graph.Add(1, attribute is null ? node : node.Add(5, attribute));
    }

    private static void AddTensor(ProtobufWriter graph, string name, int[] shape, ReadOnlySpan<float> values)
    {
        var tensor = new ProtobufWriter();
        foreach (var size in shape)
            tensor.Add(1, size);
        graph.Add(5, tensor.Add(2, Float).Add(8, name).Add(9, FloatFormats.Write(values)));
    }

    private static ProtobufWriter Value(string name, int width) => new ProtobufWriter().Add(1, name).Add(2, new ProtobufWriter().Add(1,
        new ProtobufWriter().Add(1, Float).Add(2, new ProtobufWriter()
            .Add(1, new ProtobufWriter().Add(2, "batch")).Add(1, new ProtobufWriter().Add(1, width)))));
}
