using System.Runtime.CompilerServices;

namespace MnistApi.Inference.Kernels;

/// <summary>The activations with the affine step before them, over whole vectors.</summary>
internal static class Elementwise<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private const float Log2OfE = 1.44269504f;

    /// <summary>
    /// 2^t = 2^n * 2^f with n = round(t) and f = t - n, which float32 holds exactly; |f| is at most 1/2, where a polynomial of
    /// degree 5 (minimax relative error with p(0) = 1, found by Lawson's iteration) is good to 1.1e-7 of the value. t is
    /// clamped to +-125, where the result is still normal. So exp(x) = 2^(x / ln 2), with a relative error of |x| * 1e-7: too
    /// much for large x in general, but there sigmoid and softmax are flat.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector PowerOfTwo(TVector t)
    {
        t = TSimd.Min(TSimd.Max(t, TSimd.Broadcast(-125f)), TSimd.Broadcast(125f));
        var n = TSimd.Round(t);
        var f = TSimd.MultiplyAdd(n, TSimd.Broadcast(-1f), t);
        var p = TSimd.Broadcast(1.32647273e-3f);
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(9.67151299e-3f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(5.55073358e-2f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(2.40222424e-1f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(6.93147004e-1f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Broadcast(1f));
        return TSimd.Scale(p, n);
    }

    /// <summary>In place, for one image whose outputs lie on the lanes: a = a * scale + bias, then z = h(a).</summary>
    /// <param name="activation">h.</param>
    /// <param name="a">The sums, a whole number of vectors.</param>
    /// <param name="length">How many.</param>
    /// <param name="scale">See above.</param>
    /// <param name="bias">One for each sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BiasAndActivateRow(Activation activation, ref float a, nuint length, float scale, ref float bias)
    {
        switch (activation)
        {
            case Activation.Sigmoid: Row<SigmoidOf>(ref a, length, scale, ref bias); break;
            case Activation.Relu: Row<ReluOf>(ref a, length, scale, ref bias); break;
            case Activation.Step: Row<StepOf>(ref a, length, scale, ref bias); break;
            case Activation.Identity: Row<IdentityOf>(ref a, length, scale, ref bias); break;
            case Activation.Softmax:
                Row<IdentityOf>(ref a, length, scale, ref bias);
                SoftmaxRow(ref a, length);
                break;
            default: throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    /// <summary>The same for a block of images that lie on the lanes: a row and one bias for each output.</summary>
    /// <param name="activation">h.</param>
    /// <param name="a">The sums, (outputs, images).</param>
    /// <param name="outputs">Rows.</param>
    /// <param name="images">The length of a row, a whole number of vectors.</param>
    /// <param name="scale">See above.</param>
    /// <param name="bias">One for each row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BiasAndActivateLanes(Activation activation, ref float a, nuint outputs, nuint images, float scale, ref float bias)
    {
        switch (activation)
        {
            case Activation.Sigmoid: Lanes<SigmoidOf>(ref a, outputs, images, scale, ref bias); break;
            case Activation.Relu: Lanes<ReluOf>(ref a, outputs, images, scale, ref bias); break;
            case Activation.Step: Lanes<StepOf>(ref a, outputs, images, scale, ref bias); break;
            case Activation.Identity: Lanes<IdentityOf>(ref a, outputs, images, scale, ref bias); break;
            case Activation.Softmax:
                Lanes<IdentityOf>(ref a, outputs, images, scale, ref bias);
                for (nuint image = 0; image < images; image += (nuint)TSimd.Lanes)
                    SoftmaxLanes(ref Unsafe.Add(ref a, image), outputs, images);
                break;
            default: throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    /// <summary>
    /// z_k = exp(a_k - max) / sum exp(a_i - max): without subtracting the maximum, exp(89) is already infinite. The sum is taken one by
    /// one, so that it is the same on any number of lanes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxRow(ref float a, nuint length)
    {
        var lanes = (nuint)TSimd.Lanes;
        var max = TSimd.Load(ref a, 0);
        for (var j = lanes; j < length; j += lanes)
            max = TSimd.Max(max, TSimd.Load(ref a, j));
        var negativeMax = TSimd.Broadcast(-TSimd.MaxAcross(max));
        for (nuint j = 0; j < length; j += lanes)
            TSimd.Store(ExpOf(TSimd.Add(TSimd.Load(ref a, j), negativeMax)), ref a, j);
        var sum = 0f;
        for (nuint j = 0; j < length; j++)
            sum += Unsafe.Add(ref a, j);
        var share = TSimd.Reciprocal(TSimd.Broadcast(sum));
        for (nuint j = 0; j < length; j += lanes)
            TSimd.Store(TSimd.Multiply(TSimd.Load(ref a, j), share), ref a, j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxLanes(ref float a, nuint outputs, nuint images)
    {
        var max = TSimd.Load(ref a, 0);
        for (nuint k = 1; k < outputs; k++)
            max = TSimd.Max(max, TSimd.Load(ref a, k * images));
        var negativeMax = TSimd.Multiply(max, TSimd.Broadcast(-1f));
        var sum = TSimd.Broadcast(0f);
        for (nuint k = 0; k < outputs; k++)
        {
            var e = ExpOf(TSimd.Add(TSimd.Load(ref a, k * images), negativeMax));
            sum = TSimd.Add(sum, e);
            TSimd.Store(e, ref a, k * images);
        }
        var share = TSimd.Reciprocal(sum);
        for (nuint k = 0; k < outputs; k++)
            TSimd.Store(TSimd.Multiply(TSimd.Load(ref a, k * images), share), ref a, k * images);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpOf(TVector x) => PowerOfTwo(TSimd.Multiply(x, TSimd.Broadcast(Log2OfE)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<TFunction>(ref float a, nuint length, float scale, ref float bias)
        where TFunction : IFunction
    {
        var s = TSimd.Broadcast(scale);
        for (nuint j = 0; j < length; j += (nuint)TSimd.Lanes)
            TSimd.Store(TFunction.Of(TSimd.MultiplyAdd(TSimd.Load(ref a, j), s, TSimd.Load(ref bias, j))), ref a, j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lanes<TFunction>(ref float a, nuint outputs, nuint images, float scale, ref float bias)
        where TFunction : IFunction
    {
        var s = TSimd.Broadcast(scale);
        for (nuint k = 0; k < outputs; k++)
        {
            var b = TSimd.Broadcast(Unsafe.Add(ref bias, k));
            ref var row = ref Unsafe.Add(ref a, k * images);
            for (nuint image = 0; image < images; image += (nuint)TSimd.Lanes)
                TSimd.Store(TFunction.Of(TSimd.MultiplyAdd(TSimd.Load(ref row, image), s, b)), ref row, image);
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
