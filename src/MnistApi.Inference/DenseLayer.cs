namespace MnistApi.Inference;

/// <summary>
/// A fully connected layer: a = x·W + b, z = h(a). W has <see cref="Inputs"/> rows and <see cref="Outputs"/>
/// columns, stored row by row, as in the chapter.
/// </summary>
public sealed class DenseLayer
{
    private readonly float[] _weights;
    private readonly float[] _bias;

    /// <summary>Makes a layer from copies of its parameters.</summary>
    /// <param name="weights">W, row-major, inputs x outputs; every value finite.</param>
    /// <param name="bias">b, one a unit; its length is the number of outputs; every value finite.</param>
    /// <param name="activation">h.</param>
    /// <exception cref="ArgumentException">A length is zero, W is no whole number of rows, or a value is NaN or infinite.</exception>
    public DenseLayer(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Activation activation)
    {
        if (bias.Length == 0)
            throw new ArgumentException("expected at least one bias", nameof(bias));
        if (weights.Length == 0 || weights.Length % bias.Length != 0)
            throw new ArgumentException($"expected rows of {bias.Length} weights, got {weights.Length} weights", nameof(weights));
        RequireFinite(weights, nameof(weights));
        RequireFinite(bias, nameof(bias));
        _weights = weights.ToArray();
        _bias = bias.ToArray();
        Activation = activation;
    }

    /// <summary>Length of x.</summary>
    public int Inputs => _weights.Length / _bias.Length;

    /// <summary>Length of a and z.</summary>
    public int Outputs => _bias.Length;

    /// <summary>h.</summary>
    public Activation Activation { get; }

    /// <summary>W, row-major: the weight from input i to output j is at i * <see cref="Outputs"/> + j.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>b.</summary>
    public ReadOnlySpan<float> Bias => _bias;

    /// <summary>Number of weights and biases.</summary>
    public int Parameters => _weights.Length + _bias.Length;

    private static void RequireFinite(ReadOnlySpan<float> values, string name)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                throw new ArgumentException($"expected finite numbers, got {values[i]} at index {i}", name);
        }
    }
}
