using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MnistApi.Inference.Kernels;

/// <summary>
/// a = x·W for one image, outputs side by side on a vector's lanes: the non-zero inputs are listed (see
/// <see cref="NonZeroList"/>) and only their rows of W are added up, for four fifths of a digit's pixels are zero. The products
/// are added in the order of the inputs, as in <see cref="LanesProduct{TSimd, TVector}"/>. (Working off part of W for a whole
/// block of images, so that it stays in the first cache, was tried: the many short loops cost more than the second cache does.)
/// </summary>
internal static class RowProduct<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Adds value * W[row] over <paramref name="count"/> listed inputs;
    /// writes a whole row of sums to <paramref name="a"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref ushort rows, ref float values, nuint count, PackedLayer layer, ref float a)
    {
        var hasTail = layer.Tail.Length > 0 && TSimd.Lanes > 1;
        ref var w = ref hasTail ? ref layer.Main.First : ref layer.Weights.First;
        ref var tail = ref hasTail ? ref layer.Tail.First : ref w;
        var stride = (nuint)(hasTail ? layer.MainStride : layer.Stride);
        var vectors = stride / (nuint)TSimd.Lanes;
        for (; vectors > 6; vectors -= 6)
        {
            Tile<Six, NoTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a);
            w = ref Unsafe.Add(ref w, 6 * TSimd.Lanes);
            a = ref Unsafe.Add(ref a, 6 * TSimd.Lanes);
        }
        if (hasTail)
            Last<WithTail>(vectors, ref rows, ref values, count, ref w, stride, ref tail, ref a);
        else
            Last<NoTail>(vectors, ref rows, ref values, count, ref w, stride, ref tail, ref a);
    }

    private static void Last<TTail>(
        nuint vectors, ref ushort rows, ref float values, nuint count, ref float w, nuint stride, ref float tail, ref float a)
        where TTail : ITail
    {
        switch (vectors)
        {
            case 1: Tile<One, TTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
            case 2: Tile<Two, TTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
            case 3: Tile<Three, TTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
            case 4: Tile<Four, TTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
            case 5: Tile<Five, TTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
            default: Tile<Six, TTail>(ref rows, ref values, count, ref w, stride, ref tail, ref a); break;
        }
    }

    /// <summary>Up to six vectors of sums, and the tail's, in registers while the list is walked once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TCount, TTail>(
        ref ushort rows, ref float values, nuint count, ref float w, nuint stride, ref float tail, ref float a)
        where TCount : ICount
        where TTail : ITail
    {
        var lanes = (nuint)TSimd.Lanes;
        var sums = default(Sums);
        sums.A0 = sums.A1 = sums.A2 = sums.A3 = sums.A4 = sums.A5 = TSimd.Broadcast(0f);
        nuint i = 0;
        for (; i + 4 <= count; i += 4)
        {
            // four places in one read
            var places = Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<ushort, byte>(ref Unsafe.Add(ref rows, i)));
            Add<TCount, TTail>(ref sums, (ushort)places, Unsafe.Add(ref values, i), ref w, stride, ref tail);
            Add<TCount, TTail>(ref sums, (ushort)(places >> 16), Unsafe.Add(ref values, i + 1), ref w, stride, ref tail);
            Add<TCount, TTail>(ref sums, (ushort)(places >> 32), Unsafe.Add(ref values, i + 2), ref w, stride, ref tail);
            Add<TCount, TTail>(ref sums, (ushort)(places >> 48), Unsafe.Add(ref values, i + 3), ref w, stride, ref tail);
        }
        for (; i < count; i++)
            Add<TCount, TTail>(ref sums, Unsafe.Add(ref rows, i), Unsafe.Add(ref values, i), ref w, stride, ref tail);
        TSimd.Store(sums.A0, ref a, 0);
        if (TCount.Value > 1)
            TSimd.Store(sums.A1, ref a, lanes);
        if (TCount.Value > 2)
            TSimd.Store(sums.A2, ref a, 2 * lanes);
        if (TCount.Value > 3)
            TSimd.Store(sums.A3, ref a, 3 * lanes);
        if (TCount.Value > 4)
            TSimd.Store(sums.A4, ref a, 4 * lanes);
        if (TCount.Value > 5)
            TSimd.Store(sums.A5, ref a, 5 * lanes);
        if (!TTail.Exists)
            return;
        // the tail, then zeros to the end of its sixteen
        ref var end = ref Unsafe.Add(ref a, TCount.Value * TSimd.Lanes);
        sums.Tail.StoreUnsafe(ref end);
        for (nuint j = PackedLayer.TailStride; j < PackedLayer.RowMultiple; j += PackedLayer.TailStride)
            Vector128<float>.Zero.StoreUnsafe(ref end, j);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TCount, TTail>(ref Sums sums, nuint k, float value, ref float w, nuint stride, ref float tail)
        where TCount : ICount
        where TTail : ITail
    {
        var lanes = (nuint)TSimd.Lanes;
        var x = TSimd.Broadcast(value);
        ref var row = ref Unsafe.Add(ref w, k * stride);
        sums.A0 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, 0), sums.A0);
        if (TCount.Value > 1)
            sums.A1 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, lanes), sums.A1);
        if (TCount.Value > 2)
            sums.A2 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, 2 * lanes), sums.A2);
        if (TCount.Value > 3)
            sums.A3 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, 3 * lanes), sums.A3);
        if (TCount.Value > 4)
            sums.A4 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, 4 * lanes), sums.A4);
        if (TCount.Value > 5)
            sums.A5 = TSimd.MultiplyAdd(x, TSimd.Load(ref row, 5 * lanes), sums.A5);
        if (TTail.Exists)
        {
            sums.Tail = Vector128.MultiplyAddEstimate(
                TSimd.Lower128(x), Vector128.LoadUnsafe(ref tail, k * PackedLayer.TailStride), sums.Tail);
        }
    }

    private struct Sums
    {
        public TVector A0, A1, A2, A3, A4, A5;
        public Vector128<float> Tail;
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
