using System.Runtime.CompilerServices;

namespace MnistApi.Inference.Kernels;

/// <summary>
/// A = X·W for a block of images that lie side by side on the vectors' lanes: X has a row for each input and A a row for each output,
/// both <see cref="Images"/> long. No lane is lost to padding whatever the number of outputs. The sums of up to ten outputs x two
/// vectors of images stay in registers while k runs over the inputs: each weight broadcast serves two vectors of images,
/// each vector of inputs serves ten outputs. Every sum adds its products in the order of k, as in
/// <see cref="RowProduct{TSimd, TVector}"/>: so an image's answer does not depend on its neighbours.
/// </summary>
internal static class LanesProduct<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Images in a block: two of the widest vectors.</summary>
    public const int Images = 32;

    /// <summary>Inputs between two times that the sums are put away: so many rows of X
    /// stay in the first cache while all outputs use them.</summary>
    private const int Stretch = 200;

    /// <summary>Reads a row of <paramref name="x"/> for each input of the layer; writes
    /// a row of <paramref name="a"/> for each output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref float x, PackedLayer layer, ref float a)
    {
        nuint outputs = (nuint)layer.Outputs, stride = (nuint)layer.Stride;
        for (nuint k = 0; k < (nuint)layer.Inputs; k += Stretch)
        {
            var inputs = Math.Min(Stretch, (nuint)layer.Inputs - k);
            ref var xk = ref Unsafe.Add(ref x, k * Images);
            ref var wk = ref Unsafe.Add(ref layer.Weights.First, k * stride);
            nuint j = 0;
            if (TSimd.HasRegistersFor20Sums)
            {
                for (; j + 10 <= outputs; j += 10)
                    Outputs<Ten>(ref xk, inputs, ref Unsafe.Add(ref wk, j), stride, ref Unsafe.Add(ref a, j * Images), k == 0);
            }
            for (; j + 5 <= outputs; j += 5)
                Outputs<Five>(ref xk, inputs, ref Unsafe.Add(ref wk, j), stride, ref Unsafe.Add(ref a, j * Images), k == 0);
            for (; j + 2 <= outputs; j += 2)
                Outputs<Two>(ref xk, inputs, ref Unsafe.Add(ref wk, j), stride, ref Unsafe.Add(ref a, j * Images), k == 0);
            for (; j < outputs; j++)
                Outputs<One>(ref xk, inputs, ref Unsafe.Add(ref wk, j), stride, ref Unsafe.Add(ref a, j * Images), k == 0);
        }
    }

    private static void Outputs<TCount>(ref float x, nuint inputs, ref float w, nuint stride, ref float a, bool isFirst)
        where TCount : ICount
    {
        for (nuint image = 0; image < Images; image += 2 * (nuint)TSimd.Lanes)
            Tile<TCount>(ref Unsafe.Add(ref x, image), inputs, ref w, stride, ref Unsafe.Add(ref a, image), isFirst);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TCount>(ref float x, nuint inputs, ref float w, nuint stride, ref float a, bool isFirst)
        where TCount : ICount
    {
        TVector a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9;
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = a8 = a9 = b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = b8 = b9 = TSimd.Broadcast(0f);
        if (!isFirst)
        {
            Load(ref a0, ref b0, ref a, 0);
            if (TCount.Value > 1)
                Load(ref a1, ref b1, ref a, 1);
            if (TCount.Value > 2)
            {
                Load(ref a2, ref b2, ref a, 2);
                Load(ref a3, ref b3, ref a, 3);
                Load(ref a4, ref b4, ref a, 4);
            }
            if (TCount.Value > 5)
            {
                Load(ref a5, ref b5, ref a, 5);
                Load(ref a6, ref b6, ref a, 6);
                Load(ref a7, ref b7, ref a, 7);
                Load(ref a8, ref b8, ref a, 8);
                Load(ref a9, ref b9, ref a, 9);
            }
        }
        for (nuint k = 0; k < inputs; k++)
        {
            var xa = TSimd.Load(ref x, 0);
            var xb = TSimd.Load(ref x, (nuint)TSimd.Lanes);
            Add(xa, xb, w, ref a0, ref b0);
            if (TCount.Value > 1)
                Add(xa, xb, Unsafe.Add(ref w, 1), ref a1, ref b1);
            if (TCount.Value > 2)
            {
                Add(xa, xb, Unsafe.Add(ref w, 2), ref a2, ref b2);
                Add(xa, xb, Unsafe.Add(ref w, 3), ref a3, ref b3);
                Add(xa, xb, Unsafe.Add(ref w, 4), ref a4, ref b4);
            }
            if (TCount.Value > 5)
            {
                Add(xa, xb, Unsafe.Add(ref w, 5), ref a5, ref b5);
                Add(xa, xb, Unsafe.Add(ref w, 6), ref a6, ref b6);
                Add(xa, xb, Unsafe.Add(ref w, 7), ref a7, ref b7);
                Add(xa, xb, Unsafe.Add(ref w, 8), ref a8, ref b8);
                Add(xa, xb, Unsafe.Add(ref w, 9), ref a9, ref b9);
            }
            x = ref Unsafe.Add(ref x, Images);
            w = ref Unsafe.Add(ref w, stride);
        }
        Store(a0, b0, ref a, 0);
        if (TCount.Value > 1)
            Store(a1, b1, ref a, 1);
        if (TCount.Value > 2)
        {
            Store(a2, b2, ref a, 2);
            Store(a3, b3, ref a, 3);
            Store(a4, b4, ref a, 4);
        }
        if (TCount.Value > 5)
        {
            Store(a5, b5, ref a, 5);
            Store(a6, b6, ref a, 6);
            Store(a7, b7, ref a, 7);
            Store(a8, b8, ref a, 8);
            Store(a9, b9, ref a, 9);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TVector xa, TVector xb, float w, ref TVector a, ref TVector b)
    {
        var wk = TSimd.Broadcast(w);
        a = TSimd.MultiplyAdd(wk, xa, a);
        b = TSimd.MultiplyAdd(wk, xb, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(ref TVector first, ref TVector second, ref float a, nuint output)
    {
        first = TSimd.Load(ref a, output * Images);
        second = TSimd.Load(ref a, output * Images + (nuint)TSimd.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector first, TVector second, ref float a, nuint output)
    {
        TSimd.Store(first, ref a, output * Images);
        TSimd.Store(second, ref a, output * Images + (nuint)TSimd.Lanes);
    }
}
