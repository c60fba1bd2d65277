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

    /// <param name="x">The image, at most 65,536 numbers.</param>
    /// <param name="rows">Receives the places; room for x.Length + <see cref="Slack"/>.</param>
    /// <param name="values">Receives the numbers; room for x.Length + <see cref="Slack"/>.</param>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Fill(ReadOnlySpan<byte> x, Span<ushort> rows, Span<float> values)
    {
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var r = ref MemoryMarshal.GetReference(rows);
        ref var v = ref MemoryMarshal.GetReference(values);
        nuint count = 0;
        nuint i = 0;
        if (Avx512Vbmi2.IsSupported)
        {
            for (; i + 64 <= (nuint)x.Length; i += 64)
                count += Compress64(ref Unsafe.Add(ref source, i), (ushort)i, ref Unsafe.Add(ref r, count), ref Unsafe.Add(ref v, count));
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (; i + 16 <= (nuint)x.Length; i += 16)
            {
                var set = ~Vector128.Equals(Vector128.LoadUnsafe(ref source, i), Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFFu;
                for (; set != 0; set &= set - 1)
                {
                    var at = i + (nuint)BitOperations.TrailingZeroCount(set);
                    Unsafe.Add(ref r, count) = (ushort)at;
                    Unsafe.Add(ref v, count++) = Unsafe.Add(ref source, at);
                }
            }
        }
        for (; i < (nuint)x.Length; i++)
        {
            var value = Unsafe.Add(ref source, i);
            Unsafe.Add(ref r, count) = (ushort)i;
            Unsafe.Add(ref v, count) = value;
            count += value == 0 ? 0u : 1u;
        }
        return (int)count;
    }

    /// <inheritdoc cref="Fill(ReadOnlySpan{byte}, Span{ushort}, Span{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Fill(ReadOnlySpan<float> x, Span<ushort> rows, Span<float> values)
    {
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var r = ref MemoryMarshal.GetReference(rows);
        ref var v = ref MemoryMarshal.GetReference(values);
        nuint count = 0;
        nuint i = 0;
        if (Avx512F.IsSupported)
        {
            var places = Vector512<uint>.Indices;
            for (; i + 16 <= (nuint)x.Length; i += 16)
            {
                var value = Vector512.LoadUnsafe(ref source, i);
                var set = ~Vector512.Equals(value, Vector512<float>.Zero);
                Avx512F.Compress(Vector512<float>.Zero, set, value).StoreUnsafe(ref v, count);
                var at = Avx512F.Compress(Vector512<uint>.Zero, set.AsUInt32(), places);
                Avx512F.ConvertToVector256UInt16(at).StoreUnsafe(ref r, count);
                count += (nuint)BitOperations.PopCount(set.ExtractMostSignificantBits());
                places += Vector512.Create(16u);
            }
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (; i + 4 <= (nuint)x.Length; i += 4)
            {
                var set = ~Vector128.Equals(Vector128.LoadUnsafe(ref source, i), Vector128<float>.Zero).ExtractMostSignificantBits() & 0xFu;
                for (; set != 0; set &= set - 1)
                {
                    var at = i + (nuint)BitOperations.TrailingZeroCount(set);
                    Unsafe.Add(ref r, count) = (ushort)at;
                    Unsafe.Add(ref v, count++) = Unsafe.Add(ref source, at);
                }
            }
        }
        for (; i < (nuint)x.Length; i++)
        {
            var value = Unsafe.Add(ref source, i);
            Unsafe.Add(ref r, count) = (ushort)i;
            Unsafe.Add(ref v, count) = value;
            count += value == 0 ? 0u : 1u;
        }
        return (int)count;
    }

    /// <summary>64 bytes at once: the non-zero ones and their places are pressed together, then widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint Compress64(ref byte source, ushort start, ref ushort rows, ref float values)
    {
        var bytes = Vector512.LoadUnsafe(ref source);
        var set = ~Vector512.Equals(bytes, Vector512<byte>.Zero);
        var pressed = Avx512Vbmi2.Compress(Vector512<byte>.Zero, set, bytes);
        var places = Avx512Vbmi2.Compress(Vector512<byte>.Zero, set, Vector512<byte>.Indices);
        var found = BitOperations.PopCount(set.ExtractMostSignificantBits());

        var first = Vector512.Create(start);
        (Vector512.WidenLower(places) + first).StoreUnsafe(ref rows);
        if (found > 32)
            (Vector512.WidenUpper(places) + first).StoreUnsafe(ref rows, 32);

        for (var i = 0; i < found; i += 16)
        {
            Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(pressed.GetLower().GetLower())).StoreUnsafe(ref values, (nuint)i);
            pressed = Vector512.Shuffle(pressed, Vector512<byte>.Indices + Vector512.Create((byte)16));
        }
        return (nuint)found;
    }
}
