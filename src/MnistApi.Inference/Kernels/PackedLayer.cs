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

    /// <summary>Floats of a row in <see cref="Tail"/>.</summary>
    public const int TailStride = 4;

    public PackedLayer(DenseLayer layer)
    {
        Inputs = layer.Inputs;
        Outputs = layer.Outputs;
        Stride = RoundUp(Outputs);
        Activation = layer.Activation;
        Weights = Rows(layer, 0, Outputs, Stride);
        Bias = Padded(layer.Bias);

        // 50 outputs are three cache lines and two floats: the padded row's fourth line would be nearly empty.
        var beyond = Outputs % RowMultiple;
        if (Outputs < RowMultiple || beyond is 0 or > TailStride)
            return;
        MainStride = Outputs - beyond;
        Main = Rows(layer, 0, MainStride, MainStride);
        Tail = Rows(layer, MainStride, beyond, TailStride);
    }

    /// <summary>The same weights with another activation.</summary>
    public PackedLayer(PackedLayer layer, Activation activation)
    {
        (Inputs, Outputs, Stride, Weights) = (layer.Inputs, layer.Outputs, layer.Stride, layer.Weights);
        (Main, MainStride, Tail) = (layer.Main, layer.MainStride, layer.Tail);
        Activation = activation;
        Bias = Padded(layer.Bias.Span[..Outputs]);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Floats from one row of W to the next.</summary>
    public int Stride { get; }

    public Activation Activation { get; }

    public AlignedFloats Weights { get; }

    public AlignedFloats Bias { get; }

    /// <summary>
    /// For the sparse product, which reads single rows from beyond the first cache: W's full cache lines, and apart from them in
    /// <see cref="Tail"/> what is left of each row. Both empty where little would be saved.
    /// </summary>
    public AlignedFloats Main { get; }

    /// <summary>Floats from one row of <see cref="Main"/> to the next.</summary>
    public int MainStride { get; }

    /// <inheritdoc cref="Main"/>
    public AlignedFloats Tail { get; }

    public static int RoundUp(int outputs) => (outputs + RowMultiple - 1) / RowMultiple * RowMultiple;

    private AlignedFloats Padded(ReadOnlySpan<float> bias)
    {
        var padded = new AlignedFloats(Stride);
        bias.CopyTo(padded.Span);
        if (Activation == Activation.Softmax)
            padded.Span[Outputs..].Fill(float.NegativeInfinity);
        return padded;
    }

    private static AlignedFloats Rows(DenseLayer layer, int firstColumn, int columns, int stride)
    {
        var rows = new AlignedFloats(layer.Inputs * stride);
        for (var i = 0; i < layer.Inputs; i++)
            layer.Weights.Slice(i * layer.Outputs + firstColumn, columns).CopyTo(rows.Span[(i * stride)..]);
        return rows;
    }
}
