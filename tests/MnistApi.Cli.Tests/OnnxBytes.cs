using System.Text;

namespace MnistApi.Cli.Tests;

/// <summary>Writes ONNX files byte by byte; the numbers of the fields are those of ONNX's message definitions.</summary>
internal static class OnnxBytes
{
    /// <summary>Nodes from the input x to the output y, and the constant w, 784x10, whose last number is 1.</summary>
    public static byte[] Of((string Type, string[] Inputs, string Output)[] nodes, byte opset = 13)
    {
        var weights = new byte[31360];
        BitConverter.TryWriteBytes(weights.AsSpan(31356), 1f);
        byte[] constant = [8, 0x90, 6, 8, 10, 0x10, 1, 0x42, 1, (byte)'w', .. Message(9, weights)]; // dims 784 and 10, type float, name
        return Model([.. nodes.Select(node => Message(1, Node(node.Type, node.Inputs, node.Output))), Message(5, constant), Input, Output],
            opset);
    }

    /// <summary>Every kind of field that is looked at, with constants of a few numbers.</summary>
    public static byte[] Small() => Model(
    [
        Message(1, [.. Node("Constant", [], "c"),
            .. Message(5, [.. Message(1, "value"u8), .. Message(5, [8, 1, 0x10, 1, .. Message(4, new byte[4])])])]),
        Message(1, [.. Node("Mul", ["x", "c"], "m"), .. Message(3, "node"u8)]),
        Message(1, [.. Node("Gemm", ["m", "w", "b"], "y"), .. Message(5, [.. Message(1, "alpha"u8), 0x15, 0, 0, 0, 0x3F]),
            .. Message(5, [.. Message(1, "transB"u8), 0x18, 1]), .. Message(5, [.. Message(1, "perm"u8), .. Message(8, [1, 0])])]),
        Message(5, [.. Message(1, [2, 2]), 0x10, 10, .. Message(8, "w"u8), .. Message(5, [1, 2, 3, 4])]),
        Message(5, [8, 2, 0x10, 11, .. Message(8, "b"u8), .. Message(10, new byte[16])]),
        Input, Output,
    ]);

    public static byte[] Model(byte[][] graph, byte opset = 13) =>
        [8, 8, .. Message(7, [.. graph.SelectMany(field => field)]), .. Message(8, [0x0A, 0, 0x10, opset])];

    /// <summary>A field of bytes.</summary>
    public static byte[] Message(int field, ReadOnlySpan<byte> content)
    {
        var bytes = new List<byte> { (byte)(field << 3 | 2) };
        var length = content.Length;
        for (; length >= 0x80; length >>= 7)
            bytes.Add((byte)(length | 0x80));
        return [.. bytes, (byte)length, .. content];
    }

    private static byte[] Input => Message(11, [.. Message(1, "x"u8), .. Message(2, Message(1, [8, 1]))]);

    private static byte[] Output => Message(12, Message(1, "y"u8));

    private static byte[] Node(string type, string[] inputs, string output) =>
    [
        .. inputs.SelectMany(input => Message(1, Encoding.UTF8.GetBytes(input))),
        .. Message(2, Encoding.UTF8.GetBytes(output)), .. Message(4, Encoding.UTF8.GetBytes(type)),
    ];
}
