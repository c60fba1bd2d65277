using System.Runtime.CompilerServices;

namespace MnistApi.Inference.Kernels;

/// <summary>The activations with the affine step before them, over rows whose length is a whole number of vectors.</summary>
internal static class Elementwise<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private const float Log2OfE = 1.44269504f;

    /// <summary>
    /// 2^t = 2^n * 2^f with n = round(t) and f = t - n, which float32 holds exactly; |f| is at most 1/2, where a polynomial of
    /// degree 6 is good to 2e-7 of the value. t is clamped to +-125, where the result is still normal. So exp(x) = 2^(x / ln 2), with
    /// a relative error of |x| * 1e-7: too much for large x in general, but there sigmoid and softmax are flat.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector PowerOfTwo(TVector t)
    {
        t = TSimd.Min(TSimd.Max(t, TSimd.Broadcast(-125f)), TSimd.Broadcast(125f));
        var n = TSimd.Round(t);
        var f = TSimd.MultiplyAdd(n, TSimd.Broadcast(-1f), t);
        // ln(2)^k / k!
        var p = TSimd.Broadcast(1.5403530e-4f);
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(1.3333558e-3f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(9.6181291e-3f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(5.5504109e-2f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(2.4022651e-1f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(6.9314718e-1f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(1f));
        return TSimd.Scale(p, n);
    }

    /// <summary>In place, for <paramref name="rows"/> rows: a = a * scale + bias, then z = h(a).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BiasAndActivate(Activation activation, ref float a, nuint rows, nuint stride, float scale, ref float bias)
    {
        switch (activation)
        {
            case Activation.Sigmoid: BiasThen<SigmoidOf>(ref a, rows, stride, scale, ref bias); break;
            case Activation.Relu: BiasThen<ReluOf>(ref a, rows, stride, scale, ref bias); break;
            case Activation.Step: BiasThen<StepOf>(ref a, rows, stride, scale, ref bias); break;
            case Activation.Identity: BiasThen<IdentityOf>(ref a, rows, stride, scale, ref bias); break;
            case Activation.Softmax:
                BiasThen<IdentityOf>(ref a, rows, stride, scale, ref bias);
                for (nuint row = 0; row < rows; row++)
                    Softmax(ref Unsafe.Add(ref a, row * stride), stride);
                break;
            default: throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    /// <summary>z_k = exp(a_k - max) / sum exp(a_i - max): without subtracting the maximum, exp(89) is already infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax(ref float a, nuint length)
    {
        var lanes = (nuint)TSimd.Lanes;
        var max = TSimd.Load(ref a, 0);
        for (var j = lanes; j < length; j += lanes)
            max = TSimd.Max(max, TSimd.Load(ref a, j));
        var negativeMax = TSimd.Broadcast(-TSimd.MaxAcross(max));
        var sum = TSimd.Broadcast(0);
        for (nuint j = 0; j < length; j += lanes)
        {
            var e = PowerOfTwo(TSimd.Multiply(TSimd.Add(TSimd.Load(ref a, j), negativeMax), TSimd.Broadcast(Log2OfE)));
            sum = TSimd.Add(sum, e);
            TSimd.Store(e, ref a, j);
        }
        var share = TSimd.Broadcast(1 / TSimd.SumAcross(sum));
        for (nuint j = 0; j < length; j += lanes)
            TSimd.Store(TSimd.Multiply(TSimd.Load(ref a, j), share), ref a, j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BiasThen<TFunction>(ref float a, nuint rows, nuint stride, float scale, ref float bias)
        where TFunction : IFunction
    {
        var lanes = (nuint)TSimd.Lanes;
        var s = TSimd.Broadcast(scale);
        for (nuint j = 0; j < stride; j += lanes)
        {
            var b = TSimd.Load(ref bias, j);
            ref var column = ref Unsafe.Add(ref a, j);
            for (nuint row = 0; row < rows; row++)
                TSimd.Store(TFunction.Of(TSimd.MultiplyAdd(TSimd.Load(ref column, row * stride), s, b)), ref column, row * stride);
        }
    }

    private interface IFunction
    {
        static abstract TVector Of(TVector a);
    }

    private readonly struct SigmoidOf : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of(TVector a)
        {
            var one = TSimd.Broadcast(1f);
            return TSimd.Reciprocal(TSimd.Add(one, PowerOfTwo(TSimd.Multiply(a, TSimd.Broadcast(-Log2OfE)))));
        }
    }

    private readonly struct ReluOf : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of(TVector a) => TSimd.Max(a, TSimd.Broadcast(0f));
    }

    private readonly struct StepOf : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of(TVector a) => TSimd.OneWherePositive(a);
    }

    private readonly struct IdentityOf : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of(TVector a) => a;
    }
}
