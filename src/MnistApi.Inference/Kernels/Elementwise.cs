using System.Runtime.CompilerServices;

namespace MnistApi.Inference.Kernels;

/// <summary>exp, and the activations with the affine step before them, over rows whose length is a whole number of vectors.</summary>
internal static class Elementwise<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>
    /// exp(x) = 2^n * exp(f) with n = round(x / ln 2) and f = x - n ln 2, |f| at most ln(2)/2, where a
    /// polynomial of degree 6 is good to 2e-7 of the value. x is clamped to +-87, where float32's exp is still normal.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        x = TSimd.Min(TSimd.Max(x, TSimd.Broadcast(-87f)), TSimd.Broadcast(87f));
        var n = TSimd.Round(TSimd.Multiply(x, TSimd.Broadcast(1.44269504f)));
        // ln 2 in two parts: the first has few enough bits that n times it is exact.
        var f = TSimd.MultiplyAdd(n, TSimd.Broadcast(-0.693359375f), x);
        f = TSimd.MultiplyAdd(n, TSimd.Broadcast(2.12194440e-4f), f);
        var p = TSimd.Broadcast(1f / 720);
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(1f / 120));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(1f / 24));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(1f / 6));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(1f / 2));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(1f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(1f));
        return TSimd.Multiply(p, TSimd.PowerOfTwo(n));
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
            var e = Exp(TSimd.Add(TSimd.Load(ref a, j), negativeMax));
            sum = TSimd.Add(sum, e);
            TSimd.Store(e, ref a, j);
        }
        var total = TSimd.Broadcast(TSimd.SumAcross(sum));
        for (nuint j = 0; j < length; j += lanes)
            TSimd.Store(TSimd.Divide(TSimd.Load(ref a, j), total), ref a, j);
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
            return TSimd.Divide(one, TSimd.Add(one, Exp(TSimd.Multiply(a, TSimd.Broadcast(-1f)))));
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
