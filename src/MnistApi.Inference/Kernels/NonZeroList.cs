using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MnistApi.Inference.Kernels;

/// <summary>Lists the non-zero numbers of an image: where they stand (ascending) and what they are.</summary>
internal static class NonZeroList
{
    /// <summary>How far beyond the last entry a list may be written: a vector of bytes.</summary>
    public const int Slack = 64;

    /// <summary>A longer image has places that a list cannot hold.</summary>
    public const int MaxInputs = ushort.MaxValue + 1;

    /// <summary>What <see cref="Fill(ReadOnlySpan{byte}, Span{ushort}, Span{float}, int)"/> returns where it gave up.</summary>
    public const int TooMany = -1;

    /// <param name="x">The image, at most <see cref="MaxInputs"/> numbers.</param>
    /// <param name="rows">Receives the places; room for x.Length + <see cref="Slack"/>.</param>
    /// <param name="values">Receives the numbers; room for x.Length + <see cref="Slack"/>.</param>
    /// <param name="maxCount">With more than so many it gives up.</param>
    /// <returns>How many there are, or <see cref="TooMany"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Fill(ReadOnlySpan<byte> x, Span<ushort> rows, Span<float> values, int maxCount)
    {
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var r = ref MemoryMarshal.GetReference(rows);
        ref var v = ref MemoryMarshal.GetReference(values);
        // The bytes are listed first, at the far end of the room for the floats that they are widened to.
        ref var bytes = ref Unsafe.Add(ref Unsafe.As<float, byte>(ref v), 3 * values.Length);
        nuint count = 0;
        var length = (nuint)x.Length;
        nuint i = 0;
        if (Avx512Vbmi2.IsSupported)
        {
            for (; i + 128 <= length; i += 128)
            {
                count += Compress64(
                    ref Unsafe.Add(ref source, i), (ushort)i, ref Unsafe.Add(ref r, count), ref Unsafe.Add(ref bytes, count));
                count += Compress64(
                    ref Unsafe.Add(ref source, i + 64), (ushort)(i + 64), ref Unsafe.Add(ref r, count), ref Unsafe.Add(ref bytes, count));
                if ((int)count > maxCount)
                    return TooMany;
            }
        }
        if (Vector128.IsHardwareAccelerated)
        {
            ref var table = ref Places.Table;
            for (; i + 32 <= length; i += 32)
            {
                Vector128<byte> first = Vector128.LoadUnsafe(ref source, i), second = Vector128.LoadUnsafe(ref source, i + 16);
                if ((first | second) == Vector128<byte>.Zero)
                    continue;
                count += Compress16(first, (ushort)i, ref Unsafe.Add(ref r, count), ref Unsafe.Add(ref bytes, count), ref table);
                count += Compress16(second, (ushort)(i + 16), ref Unsafe.Add(ref r, count), ref Unsafe.Add(ref bytes, count), ref table);
                if ((int)count > maxCount)
                    return TooMany;
            }
            if (i + 16 <= length)
            {
                count += Compress16(Vector128.LoadUnsafe(ref source, i), (ushort)i, ref Unsafe.Add(ref r, count),
                    ref Unsafe.Add(ref bytes, count), ref table);
                i += 16;
            }
        }
        for (; i < length; i++)
        {
            if (Unsafe.Add(ref source, i) != 0)
                Append(ref r, ref bytes, ref count, ref source, i);
        }
        if ((int)count > maxCount)
            return TooMany;
        Widening.ToFloats(ref bytes, ref v, (count + 15) & ~(nuint)15); // whole vectors: there is slack
        return (int)count;
    }

    /// <inheritdoc cref="Fill(ReadOnlySpan{byte}, Span{ushort}, Span{float}, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Fill(ReadOnlySpan<float> x, Span<ushort> rows, Span<float> values, int maxCount)
    {
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var r = ref MemoryMarshal.GetReference(rows);
        ref var v = ref MemoryMarshal.GetReference(values);
        nuint count = 0;
        var length = (nuint)x.Length;
        nuint i = 0;
        if (Avx512F.IsSupported)
        {
            for (; i + 32 <= length; i += 32)
            {
                count += Compress16(ref Unsafe.Add(ref source, i), (uint)i, ref Unsafe.Add(ref r, count), ref Unsafe.Add(ref v, count));
                count += Compress16(
                    ref Unsafe.Add(ref source, i + 16), (uint)i + 16, ref Unsafe.Add(ref r, count), ref Unsafe.Add(ref v, count));
                if ((int)count > maxCount)
                    return TooMany;
            }
        }
        else if (Avx2.IsSupported)
        {
            ref var table = ref Places.Table;
            for (; i + 8 <= length; i += 8)
            {
                var eight = Vector256.LoadUnsafe(ref source, i);
                var set = ~Vector256.Equals(eight, Vector256<float>.Zero).ExtractMostSignificantBits() & 0xFF;
                if (set == 0)
                    continue;
                var places = Places.Of(set, ref table);
                Avx2.PermuteVar8x32(eight, Avx2.ConvertToVector256Int32(places)).StoreUnsafe(ref Unsafe.Add(ref v, count));
                (Vector128.WidenLower(places) + Vector128.Create((ushort)i)).StoreUnsafe(ref Unsafe.Add(ref r, count));
                count += (nuint)BitOperations.PopCount(set);
                if ((int)count > maxCount)
                    return TooMany;
            }
        }
        for (; i < length; i++)
        {
            if (Unsafe.Add(ref source, i) != 0)
                Append(ref r, ref v, ref count, ref source, i);
        }
        if ((int)count > maxCount)
            return TooMany;
        return (int)count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append<T>(ref ushort rows, ref T values, ref nuint count, ref T source, nuint at)
    {
        Unsafe.Add(ref rows, count) = (ushort)at;
        Unsafe.Add(ref values, count++) = Unsafe.Add(ref source, at);
    }

    /// <summary>
    /// 64 bytes at once: the non-zero ones and their places are pressed together. There are seldom more than 32, and often none
    /// at the upper and lower edge of a picture: the branches cost less than the stores that they save.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint Compress64(ref byte source, ushort start, ref ushort rows, ref byte values)
    {
        var bytes = Vector512.LoadUnsafe(ref source);
        if (bytes == Vector512<byte>.Zero)
            return 0;
        var set = ~Vector512.Equals(bytes, Vector512<byte>.Zero);
        var pressed = Avx512Vbmi2.Compress(Vector512<byte>.Zero, set, bytes);
        var places = Avx512Vbmi2.Compress(Vector512<byte>.Zero, set, Vector512<byte>.Indices);
        var first = Vector512.Create(start);
        pressed.GetLower().StoreUnsafe(ref values);
        (Vector512.WidenLower(places) + first).StoreUnsafe(ref rows);
        var count = (nuint)BitOperations.PopCount(set.ExtractMostSignificantBits());
        if (count > 32)
        {
            pressed.GetUpper().StoreUnsafe(ref values, 32);
            (Vector512.WidenUpper(places) + first).StoreUnsafe(ref rows, 32);
        }
        return count;
    }

    /// <summary>The same for 16 bytes, eight and eight by a table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint Compress16(Vector128<byte> bytes, ushort start, ref ushort rows, ref byte values, ref ulong table)
    {
        var set = ~Vector128.Equals(bytes, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
        var low = Places.Of(set & 0xFF, ref table);
        var high = Places.Of(set >> 8, ref table) + Vector128.Create((byte)8);
        var lows = (nuint)BitOperations.PopCount(set & 0xFF);
        Unsafe.WriteUnaligned(ref values, Vector128.ShuffleNative(bytes, low).AsUInt64().ToScalar());
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref values, lows), Vector128.ShuffleNative(bytes, high).AsUInt64().ToScalar());
        (Vector128.WidenLower(low) + Vector128.Create(start)).StoreUnsafe(ref rows);
        (Vector128.WidenLower(high) + Vector128.Create(start)).StoreUnsafe(ref Unsafe.Add(ref rows, lows));
        return (nuint)BitOperations.PopCount(set);
    }

    /// <summary>The same for 16 floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint Compress16(ref float source, uint start, ref ushort rows, ref float values)
    {
        var floats = Vector512.LoadUnsafe(ref source);
        var set = ~Vector512.Equals(floats, Vector512<float>.Zero);
        Avx512F.Compress(Vector512<float>.Zero, set, floats).StoreUnsafe(ref values);
        var places = Avx512F.Compress(Vector512<uint>.Zero, set.AsUInt32(), Vector512<uint>.Indices) + Vector512.Create(start);
        Avx512F.ConvertToVector256UInt16(places).StoreUnsafe(ref rows);
        return (nuint)BitOperations.PopCount(set.ExtractMostSignificantBits());
    }
}
