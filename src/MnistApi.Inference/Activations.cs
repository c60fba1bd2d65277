using MnistApi.Inference.Kernels;

namespace MnistApi.Inference;

/// <summary>
/// The activation functions of chapter 3 of <em>Deep Learning from Scratch</em>, over a vector of float32.
/// Each reads <c>a</c>, writes <c>z</c> (same length, may be the same memory) and allocates nothing.
/// </summary>
public static class Activations
{
    /// <summary>Step function: z = 1 where a &gt; 0, else 0. At 0 it is 0, as in the chapter.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Step(ReadOnlySpan<float> a, Span<float> z) => Apply(Activation.Step, a, z);

    /// <summary>Sigmoid: z = 1 / (1 + exp(-a)); absolute error below 1e-6.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<float> a, Span<float> z) => Apply(Activation.Sigmoid, a, z);

    /// <summary>Rectified linear unit: z = max(0, a).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Relu(ReadOnlySpan<float> a, Span<float> z) => Apply(Activation.Relu, a, z);

    /// <summary>Identity: z = a.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Identity(ReadOnlySpan<float> a, Span<float> z) => Apply(Activation.Identity, a, z);

    /// <summary>
    /// Softmax: z_k = exp(a_k - max a) / sum_i exp(a_i - max a). Subtracting the maximum changes nothing in
    /// exact arithmetic and keeps exp from overflowing: [1010, 1000, 990] has a softmax, exp(1010) has no float.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Softmax(ReadOnlySpan<float> a, Span<float> z) => Apply(Activation.Softmax, a, z);

    /// <summary>Applies <paramref name="activation"/> to one vector.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Apply(Activation activation, ReadOnlySpan<float> a, Span<float> z)
    {
        if (a.Length != z.Length)
            throw new ArgumentException($"expected {a.Length} values for the result, got room for {z.Length}", nameof(z));
        ForwardPass.Best.Activate(activation, a, z);
    }
}
