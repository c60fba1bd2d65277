namespace MnistApi.Inference.Kernels;

/// <summary>
/// A dense layer laid out for the kernels: one row of W per input, every row (and b) padded with zeros to a
/// whole number of cache lines. A softmax layer's b is padded with minus infinity instead, so that the
/// padding takes no part in its sum.
/// </summary>
internal sealed class PackedLayer
{
    /// <summary>Rows are padded to this many floats, a cache line and the widest vector.</summary>
    public const int RowMultiple = 16;

    public PackedLayer(DenseLayer layer)
    {
        Inputs = layer.Inputs;
        Outputs = layer.Outputs;
        Stride = RoundUp(Outputs);
        Activation = layer.Activation;
        Weights = new AlignedFloats(Inputs * Stride);
        for (var i = 0; i < Inputs; i++)
            layer.Weights.Slice(i * Outputs, Outputs).CopyTo(Weights.Span[(i * Stride)..]);
        Bias = new AlignedFloats(Stride);
        layer.Bias.CopyTo(Bias.Span);
        if (Activation == Activation.Softmax)
            Bias.Span[Outputs..].Fill(float.NegativeInfinity);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Floats from one row of W to the next.</summary>
    public int Stride { get; }

    public Activation Activation { get; }

    public AlignedFloats Weights { get; }

    public AlignedFloats Bias { get; }

    public static int RoundUp(int outputs) => (outputs + RowMultiple - 1) / RowMultiple * RowMultiple;
}
