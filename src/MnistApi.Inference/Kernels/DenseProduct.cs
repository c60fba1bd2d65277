using System.Runtime.CompilerServices;

namespace MnistApi.Inference.Kernels;

/// <summary>
/// A = X·W for a block of images, every input used. The sums of 4 images x 4 vectors of outputs (4 x 2 where
/// registers are few) stay in registers while k runs over the inputs; each weight loaded serves 4 images,
/// each input broadcast serves 4 vectors. Every sum adds its products in the order of k, in whichever tile it
/// is computed: so an image's answer does not depend on its neighbours.
/// </summary>
internal static class DenseProduct<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>
    /// Reads <paramref name="inputs"/> floats of each image in <paramref name="x"/> (<paramref name="xStride"/> floats apart) and
    /// the rows of <paramref name="w"/> (<paramref name="stride"/> floats apart); writes <paramref name="stride"/> sums an image to <paramref name="a"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref float x, nuint xStride, nuint images, ref float w, nuint inputs, nuint stride, ref float a)
    {
        var lanes = (nuint)TSimd.Lanes;
        nuint image = 0;
        if (stride == lanes)
        {
            for (; image + 8 <= images; image += 8)
                Images8Vectors1(ref Unsafe.Add(ref x, image * xStride), xStride, ref w, inputs, stride, ref Unsafe.Add(ref a, image * stride));
        }
        for (; image + 4 <= images; image += 4)
        {
            ref var x4 = ref Unsafe.Add(ref x, image * xStride);
            ref var a4 = ref Unsafe.Add(ref a, image * stride);
            nuint j = 0;
            if (TSimd.HasRegistersFor16Sums)
            {
                for (; j + 4 * lanes <= stride; j += 4 * lanes)
                    Images4Vectors4(ref x4, xStride, ref Unsafe.Add(ref w, j), inputs, stride, ref Unsafe.Add(ref a4, j));
            }
            for (; j + 2 * lanes <= stride; j += 2 * lanes)
                Images4Vectors2(ref x4, xStride, ref Unsafe.Add(ref w, j), inputs, stride, ref Unsafe.Add(ref a4, j));
            for (; j < stride; j += lanes)
                Images4Vectors1(ref x4, xStride, ref Unsafe.Add(ref w, j), inputs, stride, ref Unsafe.Add(ref a4, j));
        }
        for (; image < images; image++)
        {
            ref var x1 = ref Unsafe.Add(ref x, image * xStride);
            ref var a1 = ref Unsafe.Add(ref a, image * stride);
            nuint j = 0;
            for (; j + 4 * lanes <= stride; j += 4 * lanes)
                Image1Vectors4(ref x1, ref Unsafe.Add(ref w, j), inputs, stride, ref Unsafe.Add(ref a1, j));
            for (; j < stride; j += lanes)
                Image1Vectors1(ref x1, ref Unsafe.Add(ref w, j), inputs, stride, ref Unsafe.Add(ref a1, j));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Images4Vectors4(ref float x, nuint xStride, ref float w, nuint inputs, nuint stride, ref float a)
    {
        var lanes = (nuint)TSimd.Lanes;
        TVector a00, a01, a02, a03, a10, a11, a12, a13, a20, a21, a22, a23, a30, a31, a32, a33;
        a00 = a01 = a02 = a03 = a10 = a11 = a12 = a13 = a20 = a21 = a22 = a23 = a30 = a31 = a32 = a33 = TSimd.Broadcast(0f);
        ref var x1 = ref Unsafe.Add(ref x, xStride);
        ref var x2 = ref Unsafe.Add(ref x1, xStride);
        ref var x3 = ref Unsafe.Add(ref x2, xStride);
        for (nuint k = 0; k < inputs; k++)
        {
            var w0 = TSimd.Load(ref w, 0);
            var w1 = TSimd.Load(ref w, lanes);
            var w2 = TSimd.Load(ref w, 2 * lanes);
            var w3 = TSimd.Load(ref w, 3 * lanes);
            w = ref Unsafe.Add(ref w, stride);
            var xk = TSimd.Broadcast(Unsafe.Add(ref x, k));
            a00 = TSimd.MultiplyAdd(xk, w0, a00);
            a01 = TSimd.MultiplyAdd(xk, w1, a01);
            a02 = TSimd.MultiplyAdd(xk, w2, a02);
            a03 = TSimd.MultiplyAdd(xk, w3, a03);
            xk = TSimd.Broadcast(Unsafe.Add(ref x1, k));
            a10 = TSimd.MultiplyAdd(xk, w0, a10);
            a11 = TSimd.MultiplyAdd(xk, w1, a11);
            a12 = TSimd.MultiplyAdd(xk, w2, a12);
            a13 = TSimd.MultiplyAdd(xk, w3, a13);
            xk = TSimd.Broadcast(Unsafe.Add(ref x2, k));
            a20 = TSimd.MultiplyAdd(xk, w0, a20);
            a21 = TSimd.MultiplyAdd(xk, w1, a21);
            a22 = TSimd.MultiplyAdd(xk, w2, a22);
            a23 = TSimd.MultiplyAdd(xk, w3, a23);
            xk = TSimd.Broadcast(Unsafe.Add(ref x3, k));
            a30 = TSimd.MultiplyAdd(xk, w0, a30);
            a31 = TSimd.MultiplyAdd(xk, w1, a31);
            a32 = TSimd.MultiplyAdd(xk, w2, a32);
            a33 = TSimd.MultiplyAdd(xk, w3, a33);
        }
        Store4(a00, a01, a02, a03, ref a);
        Store4(a10, a11, a12, a13, ref Unsafe.Add(ref a, stride));
        Store4(a20, a21, a22, a23, ref Unsafe.Add(ref a, 2 * stride));
        Store4(a30, a31, a32, a33, ref Unsafe.Add(ref a, 3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Images4Vectors2(ref float x, nuint xStride, ref float w, nuint inputs, nuint stride, ref float a)
    {
        var lanes = (nuint)TSimd.Lanes;
        TVector a00, a01, a10, a11, a20, a21, a30, a31;
        a00 = a01 = a10 = a11 = a20 = a21 = a30 = a31 = TSimd.Broadcast(0f);
        ref var x1 = ref Unsafe.Add(ref x, xStride);
        ref var x2 = ref Unsafe.Add(ref x1, xStride);
        ref var x3 = ref Unsafe.Add(ref x2, xStride);
        for (nuint k = 0; k < inputs; k++)
        {
            var w0 = TSimd.Load(ref w, 0);
            var w1 = TSimd.Load(ref w, lanes);
            w = ref Unsafe.Add(ref w, stride);
            var xk = TSimd.Broadcast(Unsafe.Add(ref x, k));
            a00 = TSimd.MultiplyAdd(xk, w0, a00);
            a01 = TSimd.MultiplyAdd(xk, w1, a01);
            xk = TSimd.Broadcast(Unsafe.Add(ref x1, k));
            a10 = TSimd.MultiplyAdd(xk, w0, a10);
            a11 = TSimd.MultiplyAdd(xk, w1, a11);
            xk = TSimd.Broadcast(Unsafe.Add(ref x2, k));
            a20 = TSimd.MultiplyAdd(xk, w0, a20);
            a21 = TSimd.MultiplyAdd(xk, w1, a21);
            xk = TSimd.Broadcast(Unsafe.Add(ref x3, k));
            a30 = TSimd.MultiplyAdd(xk, w0, a30);
            a31 = TSimd.MultiplyAdd(xk, w1, a31);
        }
        Store2(a00, a01, ref a);
        Store2(a10, a11, ref Unsafe.Add(ref a, stride));
        Store2(a20, a21, ref Unsafe.Add(ref a, 2 * stride));
        Store2(a30, a31, ref Unsafe.Add(ref a, 3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Images4Vectors1(ref float x, nuint xStride, ref float w, nuint inputs, nuint stride, ref float a)
    {
        TVector a0, a1, a2, a3;
        a0 = a1 = a2 = a3 = TSimd.Broadcast(0f);
        ref var x1 = ref Unsafe.Add(ref x, xStride);
        ref var x2 = ref Unsafe.Add(ref x1, xStride);
        ref var x3 = ref Unsafe.Add(ref x2, xStride);
        for (nuint k = 0; k < inputs; k++)
        {
            var wk = TSimd.Load(ref w, 0);
            w = ref Unsafe.Add(ref w, stride);
            a0 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x, k)), wk, a0);
            a1 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x1, k)), wk, a1);
            a2 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x2, k)), wk, a2);
            a3 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x3, k)), wk, a3);
        }
        TSimd.Store(a0, ref a, 0);
        TSimd.Store(a1, ref a, stride);
        TSimd.Store(a2, ref a, 2 * stride);
        TSimd.Store(a3, ref a, 3 * stride);
    }

    /// <summary>For a layer as narrow as a vector, where four sums would wait for each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Images8Vectors1(ref float x, nuint xStride, ref float w, nuint inputs, nuint stride, ref float a)
    {
        TVector a0, a1, a2, a3, a4, a5, a6, a7;
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = TSimd.Broadcast(0f);
        ref var x4 = ref Unsafe.Add(ref x, 4 * xStride);
        for (nuint k = 0; k < inputs; k++)
        {
            var wk = TSimd.Load(ref w, 0);
            w = ref Unsafe.Add(ref w, stride);
            a0 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x, k)), wk, a0);
            a1 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x, xStride + k)), wk, a1);
            a2 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x, 2 * xStride + k)), wk, a2);
            a3 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x, 3 * xStride + k)), wk, a3);
            a4 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x4, k)), wk, a4);
            a5 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x4, xStride + k)), wk, a5);
            a6 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x4, 2 * xStride + k)), wk, a6);
            a7 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x4, 3 * xStride + k)), wk, a7);
        }
        TSimd.Store(a0, ref a, 0);
        TSimd.Store(a1, ref a, stride);
        TSimd.Store(a2, ref a, 2 * stride);
        TSimd.Store(a3, ref a, 3 * stride);
        TSimd.Store(a4, ref a, 4 * stride);
        TSimd.Store(a5, ref a, 5 * stride);
        TSimd.Store(a6, ref a, 6 * stride);
        TSimd.Store(a7, ref a, 7 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Image1Vectors4(ref float x, ref float w, nuint inputs, nuint stride, ref float a)
    {
        var lanes = (nuint)TSimd.Lanes;
        TVector a0, a1, a2, a3;
        a0 = a1 = a2 = a3 = TSimd.Broadcast(0f);
        for (nuint k = 0; k < inputs; k++)
        {
            var xk = TSimd.Broadcast(Unsafe.Add(ref x, k));
            a0 = TSimd.MultiplyAdd(xk, TSimd.Load(ref w, 0), a0);
            a1 = TSimd.MultiplyAdd(xk, TSimd.Load(ref w, lanes), a1);
            a2 = TSimd.MultiplyAdd(xk, TSimd.Load(ref w, 2 * lanes), a2);
            a3 = TSimd.MultiplyAdd(xk, TSimd.Load(ref w, 3 * lanes), a3);
            w = ref Unsafe.Add(ref w, stride);
        }
        Store4(a0, a1, a2, a3, ref a);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Image1Vectors1(ref float x, ref float w, nuint inputs, nuint stride, ref float a)
    {
        var sum = TSimd.Broadcast(0f);
        for (nuint k = 0; k < inputs; k++)
        {
            sum = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref x, k)), TSimd.Load(ref w, 0), sum);
            w = ref Unsafe.Add(ref w, stride);
        }
        TSimd.Store(sum, ref a, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store2(TVector a0, TVector a1, ref float a)
    {
        TSimd.Store(a0, ref a, 0);
        TSimd.Store(a1, ref a, (nuint)TSimd.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store4(TVector a0, TVector a1, TVector a2, TVector a3, ref float a)
    {
        Store2(a0, a1, ref a);
        Store2(a2, a3, ref Unsafe.Add(ref a, 2 * (nuint)TSimd.Lanes));
    }
}
