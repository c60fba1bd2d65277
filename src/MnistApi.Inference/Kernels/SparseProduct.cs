using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MnistApi.Inference.Kernels;

/// <summary>
/// a = x·W for one image most of whose inputs are zero, as four fifths of a digit's pixels are: the non-zero inputs are
/// listed (see <see cref="NonZeroList"/>) and only their rows of W are added up, in the same order in which
/// <see cref="DenseProduct{TSimd, TVector}"/> adds all of them. (Working off part of W for a whole block of images, so that it
/// stays in the first cache, was tried: the many short loops cost more than the second cache does.)
/// </summary>
internal static class SparseProduct<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Adds value * W[row] over <paramref name="count"/> listed inputs; writes a whole row of sums to <paramref name="a"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref ushort rows, ref float values, nuint count, PackedLayer layer, ref float a)
    {
        var hasTail = layer.Tail.Length > 0 && TSimd.Lanes > 1;
        ref var w = ref hasTail ? ref layer.Main.First : ref layer.Weights.First;
        ref var tail = ref hasTail ? ref layer.Tail.First : ref w;
        var stride = (nuint)(hasTail ? layer.MainStride : layer.Stride);
        var vectors = stride / (nuint)TSimd.Lanes;
        for (; vectors > 4; vectors -= 4)
        {
            Tile<Four, NoTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a);
            w = ref Unsafe.Add(ref w, 4 * TSimd.Lanes);
            a = ref Unsafe.Add(ref a, 4 * TSimd.Lanes);
        }
        switch (vectors, hasTail)
        {
            case (1, false): Tile<One, NoTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
            case (2, false): Tile<Two, NoTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
            case (3, false): Tile<Three, NoTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
            case (4, false): Tile<Four, NoTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
            case (1, true): Tile<One, WithTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
            case (2, true): Tile<Two, WithTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
            case (3, true): Tile<Three, WithTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
            default: Tile<Four, WithTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
        }
    }

    /// <summary>Up to four vectors of sums, and the tail's, in registers while the list is walked once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TCount, TTail>(
        ref ushort rows, ref float values, nuint count, ref float w, nuint stride, ref float tail, ref float a)
        where TCount : ICount
        where TTail : ITail
    {
        var lanes = (nuint)TSimd.Lanes;
        TVector a0, a1, a2, a3;
        a0 = a1 = a2 = a3 = TSimd.Broadcast(0f);
        var a4 = Vector128<float>.Zero;
        for (nuint i = 0; i < count; i++)
        {
            nuint k = Unsafe.Add(ref rows, i);
            var x = TSimd.Broadcast(Unsafe.Add(ref values, i));
            ref var row = ref Unsafe.Add(ref w, k * stride);
            a0 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, 0), a0);
            if (TCount.Value > 1)
                a1 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, lanes), a1);
            if (TCount.Value > 2)
                a2 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, 2 * lanes), a2);
            if (TCount.Value > 3)
                a3 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, 3 * lanes), a3);
            if (TTail.Exists)
                a4 = Vector128.MultiplyAddEstimate(TSimd.Lowest128(x), Vector128.LoadUnsafe(ref tail, k * PackedLayer.TailStride), a4);
        }
        TSimd.Store(a0, ref a, 0);
        if (TCount.Value > 1)
            TSimd.Store(a1, ref a, lanes);
        if (TCount.Value > 2)
            TSimd.Store(a2, ref a, 2 * lanes);
        if (TCount.Value > 3)
            TSimd.Store(a3, ref a, 3 * lanes);
        if (!TTail.Exists)
            return;
        // the tail, then zeros to the end of its sixteen
        ref var end = ref Unsafe.Add(ref a, TCount.Value * TSimd.Lanes);
        a4.StoreUnsafe(ref end);
        for (nuint j = PackedLayer.TailStride; j < PackedLayer.RowMultiple; j += PackedLayer.TailStride)
            Vector128<float>.Zero.StoreUnsafe(ref end, j);
    }

    private interface ICount
    {
        static abstract int Value { get; }
    }

    private readonly struct One : ICount
    {
        public static int Value => 1;
    }

    private readonly struct Two : ICount
    {
        public static int Value => 2;
    }

    private readonly struct Three : ICount
    {
        public static int Value => 3;
    }

    private readonly struct Four : ICount
    {
        public static int Value => 4;
    }

    private interface ITail
    {
        static abstract bool Exists { get; }
    }

    private readonly struct NoTail : ITail
    {
        public static bool Exists => false;
    }

    private readonly struct WithTail : ITail
    {
        public static bool Exists => true;
    }
}
