using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MnistApi.Inference.Kernels;

/// <summary>From a row for each image to a column for each.</summary>
internal static class Transposition
{
    /// <summary>
    /// Turns <paramref name="images"/> rows of bytes or floats, <paramref name="stride"/> numbers apart, into <paramref name="columns"/>
    /// rows of floats, <paramref name="resultStride"/> apart.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TInput>(ref TInput rows, nuint images, nuint stride, nuint columns, ref float result, nuint resultStride)
        where TInput : unmanaged
    {
        nuint side = Avx512F.IsSupported ? 16u : 8u;
        for (nuint column = 0; column < columns; column += side)
        {
            for (nuint image = 0; image < images; image += side)
            {
                ref var from = ref Unsafe.Add(ref rows, image * stride + column);
                ref var to = ref Unsafe.Add(ref result, column * resultStride + image);
                if (!Avx2.IsSupported || column + side > columns || image + side > images)
                    OneByOne(ref from, Math.Min(side, images - image), stride, Math.Min(side, columns - column), ref to, resultStride);
                else if (Avx512F.IsSupported)
                    Block16(ref from, stride, ref to, resultStride);
                else
                    Block8(ref from, stride, ref to, resultStride);
            }
        }
    }

    private static void OneByOne<TInput>(ref TInput from, nuint images, nuint stride, nuint columns, ref float to, nuint resultStride)
        where TInput : unmanaged
    {
        for (nuint image = 0; image < images; image++)
        {
            for (nuint column = 0; column < columns; column++)
            {
                ref var number = ref Unsafe.Add(ref from, image * stride + column);
                Unsafe.Add(ref to, column * resultStride + image) =
                    typeof(TInput) == typeof(byte) ? Unsafe.As<TInput, byte>(ref number) : Unsafe.As<TInput, float>(ref number);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load<TInput>(ref TInput from, nuint index)
        where TInput : unmanaged =>
        typeof(TInput) == typeof(byte)
            ? Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(ref Unsafe.As<TInput, byte>(ref from), index)))
            : Vector512.LoadUnsafe(ref Unsafe.As<TInput, float>(ref from), index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block16<TInput>(ref TInput from, nuint stride, ref float to, nuint resultStride)
        where TInput : unmanaged
    {
        var (a0, a1, a2, a3) = Quads(ref from, stride);
        var (b0, b1, b2, b3) = Quads(ref Unsafe.Add(ref from, 4 * stride), stride);
        var (c0, c1, c2, c3) = Quads(ref Unsafe.Add(ref from, 8 * stride), stride);
        var (d0, d1, d2, d3) = Quads(ref Unsafe.Add(ref from, 12 * stride), stride);
        Store(a0, b0, c0, d0, ref to, resultStride);
        Store(a1, b1, c1, d1, ref Unsafe.Add(ref to, resultStride), resultStride);
        Store(a2, b2, c2, d2, ref Unsafe.Add(ref to, 2 * resultStride), resultStride);
        Store(a3, b3, c3, d3, ref Unsafe.Add(ref to, 3 * resultStride), resultStride);
    }

    /// <summary>Four rows: the quarters of vector m hold columns m, m + 4, m + 8 and m + 12, four images each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>) Quads<TInput>(ref TInput from, nuint stride)
        where TInput : unmanaged
    {
        var a = Load(ref from, 0);
        var b = Load(ref from, stride);
        var c = Load(ref from, 2 * stride);
        var d = Load(ref from, 3 * stride);
        Vector512<double> ab = Avx512F.UnpackLow(a, b).AsDouble(), cd = Avx512F.UnpackLow(c, d).AsDouble();
        Vector512<double> abHigh = Avx512F.UnpackHigh(a, b).AsDouble(), cdHigh = Avx512F.UnpackHigh(c, d).AsDouble();
        return (Avx512F.UnpackLow(ab, cd).AsSingle(), Avx512F.UnpackHigh(ab, cd).AsSingle(),
            Avx512F.UnpackLow(abHigh, cdHigh).AsSingle(), Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle());
    }

    /// <summary>The quarters of four such vectors, put together by column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, ref float to, nuint resultStride)
    {
        var ab = Avx512F.Shuffle4x128(a, b, 0b_01_00_01_00);
        var cd = Avx512F.Shuffle4x128(c, d, 0b_01_00_01_00);
        Avx512F.Shuffle4x128(ab, cd, 0b_10_00_10_00).StoreUnsafe(ref to);
        Avx512F.Shuffle4x128(ab, cd, 0b_11_01_11_01).StoreUnsafe(ref to, 4 * resultStride);
        ab = Avx512F.Shuffle4x128(a, b, 0b_11_10_11_10);
        cd = Avx512F.Shuffle4x128(c, d, 0b_11_10_11_10);
        Avx512F.Shuffle4x128(ab, cd, 0b_10_00_10_00).StoreUnsafe(ref to, 8 * resultStride);
        Avx512F.Shuffle4x128(ab, cd, 0b_11_01_11_01).StoreUnsafe(ref to, 12 * resultStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block8<TInput>(ref TInput from, nuint stride, ref float to, nuint resultStride)
        where TInput : unmanaged
    {
        var (a0, a1, a2, a3) = Pairs(ref from, stride);
        var (b0, b1, b2, b3) = Pairs(ref Unsafe.Add(ref from, 4 * stride), stride);
        Avx.Permute2x128(a0, b0, 0x20).StoreUnsafe(ref to);
        Avx.Permute2x128(a1, b1, 0x20).StoreUnsafe(ref to, resultStride);
        Avx.Permute2x128(a2, b2, 0x20).StoreUnsafe(ref to, 2 * resultStride);
        Avx.Permute2x128(a3, b3, 0x20).StoreUnsafe(ref to, 3 * resultStride);
        Avx.Permute2x128(a0, b0, 0x31).StoreUnsafe(ref to, 4 * resultStride);
        Avx.Permute2x128(a1, b1, 0x31).StoreUnsafe(ref to, 5 * resultStride);
        Avx.Permute2x128(a2, b2, 0x31).StoreUnsafe(ref to, 6 * resultStride);
        Avx.Permute2x128(a3, b3, 0x31).StoreUnsafe(ref to, 7 * resultStride);
    }

    /// <summary>Four rows: the halves of vector m hold columns m and m + 4, four images each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float>, Vector256<float>, Vector256<float>, Vector256<float>) Pairs<TInput>(ref TInput from, nuint stride)
        where TInput : unmanaged
    {
        var a = Load8(ref from, 0);
        var b = Load8(ref from, stride);
        var c = Load8(ref from, 2 * stride);
        var d = Load8(ref from, 3 * stride);
        Vector256<double> ab = Avx.UnpackLow(a, b).AsDouble(), cd = Avx.UnpackLow(c, d).AsDouble();
        Vector256<double> abHigh = Avx.UnpackHigh(a, b).AsDouble(), cdHigh = Avx.UnpackHigh(c, d).AsDouble();
        return (Avx.UnpackLow(ab, cd).AsSingle(), Avx.UnpackHigh(ab, cd).AsSingle(),
            Avx.UnpackLow(abHigh, cdHigh).AsSingle(), Avx.UnpackHigh(abHigh, cdHigh).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load8<TInput>(ref TInput from, nuint index)
        where TInput : unmanaged =>
        typeof(TInput) == typeof(byte)
            ? Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(
                Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<TInput, byte>(ref Unsafe.Add(ref from, index)))).AsByte()))
            : Vector256.LoadUnsafe(ref Unsafe.As<TInput, float>(ref from), index);
}
