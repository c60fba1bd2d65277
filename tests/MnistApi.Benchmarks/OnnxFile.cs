using System.Text;
using MnistApi.Inference;

namespace MnistApi.Benchmarks;

/// <summary>
/// The served network as an ONNX file, for ONNX Runtime to run: MatMul, Add and the activation of each layer,
/// batch size free. Protocol buffers by hand (field numbers from onnx.proto), so that no converter is needed.
/// </summary>
internal static class OnnxFile
{
    private const int IrVersion = 8;
    private const int OpsetVersion = 13;
    private const int Float = 1;

    public static byte[] Of(Network network)
    {
        var graph = new Message();
        var value = "x";
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var layer = network.Layers[i];
            graph.Add(5, Tensor($"W{i}", [layer.Inputs, layer.Outputs], layer.Weights))
                .Add(5, Tensor($"b{i}", [layer.Outputs], layer.Bias));
            graph.Add(1, Node("MatMul", [value, $"W{i}"], $"p{i}")).Add(1, Node("Add", [$"p{i}", $"b{i}"], $"a{i}"));
            value = i == network.Layers.Count - 1 ? "y" : $"z{i}";
            graph.Add(1, Node(layer.Activation == Activation.Softmax ? "Softmax" : "Sigmoid", [$"a{i}"], value));
        }
        graph.Add(2, "mnist").Add(11, ValueInfo("x", network.Inputs)).Add(12, ValueInfo("y", network.Outputs));
        return new Message()
            .Add(1, IrVersion)
            .Add(8, new Message().Add(1, "").Add(2, OpsetVersion))
            .Add(7, graph)
            .ToArray();
    }

    private static Message Node(string type, string[] inputs, string output)
    {
        var node = new Message();
        foreach (var input in inputs)
            node.Add(1, input);
        return node.Add(2, output).Add(4, type);
    }

    private static Message Tensor(string name, int[] shape, ReadOnlySpan<float> values)
    {
        var tensor = new Message();
        foreach (var dimension in shape)
            tensor.Add(1, dimension);
        return tensor.Add(2, Float).Add(8, name).Add(9, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));
    }

    private static Message ValueInfo(string name, int width) => new Message().Add(1, name).Add(2, new Message().Add(1, new Message()
        .Add(1, Float)
        .Add(2, new Message().Add(1, new Message().Add(2, "batch")).Add(1, new Message().Add(1, width)))));

    /// <summary>A protocol buffer under construction.</summary>
    private sealed class Message
    {
        private readonly MemoryStream _bytes = new();

        public Message Add(int field, long value)
        {
            Varint((ulong)field << 3);
            Varint((ulong)value);
            return this;
        }

        public Message Add(int field, ReadOnlySpan<byte> bytes)
        {
            Varint(((ulong)field << 3) | 2);
            Varint((ulong)bytes.Length);
            _bytes.Write(bytes);
            return this;
        }

        public Message Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

        public Message Add(int field, Message message) => Add(field, message.ToArray());

        public byte[] ToArray() => _bytes.ToArray();

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                _bytes.WriteByte((byte)(value | 0x80));
            _bytes.WriteByte((byte)value);
        }
    }
}
