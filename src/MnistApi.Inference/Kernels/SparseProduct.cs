using System.Runtime.CompilerServices;

namespace MnistApi.Inference.Kernels;

/// <summary>
/// A = X·W where most inputs are zero, as four fifths of a digit's pixels are: an image's non-zero inputs are
/// listed (see <see cref="NonZeroList"/>) and only their rows of W are added up, in the same order as
/// <see cref="DenseProduct{TSimd, TVector}"/> adds all of them.
/// </summary>
internal static class SparseProduct<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>
    /// Adds value * W[row] to <paramref name="a"/> for the listed inputs from <paramref name="from"/> up to <paramref name="to"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(ref ushort rows, ref float values, nuint from, nuint to, ref float w, nuint stride, ref float a)
    {
        var lanes = (nuint)TSimd.Lanes;
        nuint j = 0;
        for (; j + 4 * lanes <= stride; j += 4 * lanes)
            Vectors4(ref rows, ref values, from, to, ref Unsafe.Add(ref w, j), stride, ref Unsafe.Add(ref a, j));
        for (; j < stride; j += lanes)
            Vectors1(ref rows, ref values, from, to, ref Unsafe.Add(ref w, j), stride, ref Unsafe.Add(ref a, j));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vectors4(ref ushort rows, ref float values, nuint from, nuint to, ref float w, nuint stride, ref float a)
    {
        var lanes = (nuint)TSimd.Lanes;
        var a0 = TSimd.Load(ref a, 0);
        var a1 = TSimd.Load(ref a, lanes);
        var a2 = TSimd.Load(ref a, 2 * lanes);
        var a3 = TSimd.Load(ref a, 3 * lanes);
        for (var i = from; i < to; i++)
        {
            ref var row = ref Unsafe.Add(ref w, Unsafe.Add(ref rows, i) * stride);
            var x = TSimd.Broadcast(Unsafe.Add(ref values, i));
            a0 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, 0), a0);
            a1 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, lanes), a1);
            a2 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, 2 * lanes), a2);
            a3 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, 3 * lanes), a3);
        }
        TSimd.Store(a0, ref a, 0);
        TSimd.Store(a1, ref a, lanes);
        TSimd.Store(a2, ref a, 2 * lanes);
        TSimd.Store(a3, ref a, 3 * lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vectors1(ref ushort rows, ref float values, nuint from, nuint to, ref float w, nuint stride, ref float a)
    {
        var sum = TSimd.Load(ref a, 0);
        for (var i = from; i < to; i++)
        {
            ref var row = ref Unsafe.Add(ref w, Unsafe.Add(ref rows, i) * stride);
            sum = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref values, i)), TSimd.Load(ref row, 0), sum);
        }
        TSimd.Store(sum, ref a, 0);
    }
}
