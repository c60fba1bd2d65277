namespace MnistApi.Inference;

/// <summary>
/// The softmax of one vector with the numbers on the way, in float32: exp(a_k - shift), their sum, and the quotients. With a shift
/// of 0 it is the formula as it is written, which overflows from about 89 on; with the largest a as the shift it never does.
/// </summary>
/// <param name="Shift">What was subtracted from every a.</param>
/// <param name="Exponentials">exp(a_k - shift).</param>
/// <param name="Sum">Of the exponentials.</param>
/// <param name="Y">Each exponential divided by the sum; NaN where that is infinity by infinity.</param>
public sealed record SoftmaxSteps(float Shift, IReadOnlyList<float> Exponentials, float Sum, IReadOnlyList<float> Y)
{
    /// <summary>The formula as it is written.</summary>
    public static SoftmaxSteps Naive(ReadOnlySpan<float> a) => Of(a, 0);

    /// <summary>With the largest a subtracted first.</summary>
    /// <exception cref="ArgumentException">There are no numbers.</exception>
    public static SoftmaxSteps MaxSubtracted(ReadOnlySpan<float> a) => Of(a, a[Classes.Best(a)]);

    private static SoftmaxSteps Of(ReadOnlySpan<float> a, float shift)
    {
        var exponentials = new float[a.Length];
        var sum = 0f;
        for (var k = 0; k < a.Length; k++)
            sum += exponentials[k] = MathF.Exp(a[k] - shift);
        return new SoftmaxSteps(shift, exponentials, sum, [.. exponentials.Select(e => e / sum)]);
    }
}
