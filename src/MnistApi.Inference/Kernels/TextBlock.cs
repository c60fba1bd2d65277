using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MnistApi.Inference.Kernels;

/// <summary>What <see cref="ByteNumbers"/> asks of 64 bytes of text: masks of one bit a byte, and the numbers that end in it.</summary>
internal interface ITextBlock
{
    static abstract void Classify(ref byte block, out ulong digits, out ulong zeros, out ulong commas, out ulong closing);

    static abstract ulong WhiteSpace(ref byte block);

    /// <summary>
    /// At each separator the three bytes before it are the number's digits, as far as they are digits: value = d1 + 10 d2 + 100 d3, looked
    /// up. The values at the separators are pressed together.
    /// </summary>
    /// <param name="block">64 bytes, with three more before them.</param>
    /// <param name="separators">Where a number ends.</param>
    /// <param name="values">Receives the values; room for 64.</param>
    /// <returns>Where the value would be 256 or more; of no meaning elsewhere than at the separators.</returns>
    static abstract ulong Values(ref byte block, ulong separators, ref byte values);
}

internal readonly struct TextBlock512 : ITextBlock
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Classify(ref byte block, out ulong digits, out ulong zeros, out ulong commas, out ulong closing)
    {
        var here = Vector512.LoadUnsafe(ref block);
        digits = Vector512.LessThanOrEqual(here - Vector512.Create((byte)'0'), Vector512.Create((byte)9)).ExtractMostSignificantBits();
        zeros = Vector512.Equals(here, Vector512.Create((byte)'0')).ExtractMostSignificantBits();
        commas = Vector512.Equals(here, Vector512.Create((byte)',')).ExtractMostSignificantBits();
        closing = Vector512.Equals(here, Vector512.Create((byte)']')).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong WhiteSpace(ref byte block)
    {
        var here = Vector512.LoadUnsafe(ref block);
        var at = Vector512.Equals(here, Vector512.Create((byte)' ')) | Vector512.Equals(here, Vector512.Create((byte)'\n'))
            | Vector512.Equals(here, Vector512.Create((byte)'\r')) | Vector512.Equals(here, Vector512.Create((byte)'\t'));
        return at.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Values(ref byte block, ulong separators, ref byte values)
    {
        var zero = Vector512.Create((byte)'0');
        var tens = Vector512.Create(Vector256.Create(TextBlock256.Tens));
        var hundreds = Vector512.Create(Vector256.Create(TextBlock256.Hundreds));
        var d1 = Vector512.LoadUnsafe(ref Unsafe.Add(ref block, -1)) - zero;
        var d2 = Vector512.LoadUnsafe(ref Unsafe.Add(ref block, -2)) - zero;
        var d3 = Vector512.LoadUnsafe(ref Unsafe.Add(ref block, -3)) - zero;
        var low = d1 + Avx512BW.Shuffle(tens, d2); // no digit gives 0: its high bit is set, or its low four are above 9
        var high = Avx512BW.Shuffle(hundreds, d3) & Vector512.LessThanOrEqual(d2, Vector512.Create((byte)9));
        var value = low + high;
        var at = Vector512.Equals(Vector512.LoadUnsafe(ref block), Vector512.Create((byte)','))
            | Vector512.Equals(Vector512.LoadUnsafe(ref block), Vector512.Create((byte)']'));
        Avx512Vbmi2.Compress(Vector512<byte>.Zero, at, value).StoreUnsafe(ref values);
        return (Vector512.LessThan(value, low) | Vector512.Equals(high, Vector512.Create(byte.MaxValue))).ExtractMostSignificantBits();
    }
}

internal readonly struct TextBlock256 : ITextBlock
{
    public static Vector128<byte> Tens => Vector128.Create((byte)0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 0, 0, 0, 0, 0, 0);

    /// <summary>255 from 300 on: more than a byte together with whatever else.</summary>
    public static Vector128<byte> Hundreds => Vector128.Create((byte)0, 100, 200, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Classify(ref byte block, out ulong digits, out ulong zeros, out ulong commas, out ulong closing)
    {
        Vector256<byte> a = Vector256.LoadUnsafe(ref block), b = Vector256.LoadUnsafe(ref block, 32);
        Vector256<byte> zero = Vector256.Create((byte)'0'), nine = Vector256.Create((byte)9);
        digits = Mask(Vector256.LessThanOrEqual(a - zero, nine), Vector256.LessThanOrEqual(b - zero, nine));
        zeros = Where(a, b, '0');
        commas = Where(a, b, ',');
        closing = Where(a, b, ']');
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong WhiteSpace(ref byte block)
    {
        Vector256<byte> a = Vector256.LoadUnsafe(ref block), b = Vector256.LoadUnsafe(ref block, 32);
        return Where(a, b, ' ') | Where(a, b, '\n') | Where(a, b, '\r') | Where(a, b, '\t');
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Values(ref byte block, ulong separators, ref byte values)
    {
        var low = Half(ref block, (uint)separators, ref values);
        values = ref Unsafe.Add(ref values, BitOperations.PopCount((uint)separators));
        return low | (ulong)Half(ref Unsafe.Add(ref block, 32), (uint)(separators >> 32), ref values) << 32;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Half(ref byte block, uint separators, ref byte values)
    {
        Vector256<byte> zero = Vector256.Create((byte)'0'), tens = Vector256.Create(Tens), hundreds = Vector256.Create(Hundreds);
        var d1 = Vector256.LoadUnsafe(ref Unsafe.Add(ref block, -1)) - zero;
        var d2 = Vector256.LoadUnsafe(ref Unsafe.Add(ref block, -2)) - zero;
        var d3 = Vector256.LoadUnsafe(ref Unsafe.Add(ref block, -3)) - zero;
        var low = d1 + Avx2.Shuffle(tens, d2);
        var high = Avx2.Shuffle(hundreds, d3) & Vector256.LessThanOrEqual(d2, Vector256.Create((byte)9));
        var value = low + high;
        ref var table = ref Places.Table;
        Press(value.GetLower(), separators & 0xFFFF, ref values, ref table);
        Press(value.GetUpper(), separators >> 16, ref Unsafe.Add(ref values, BitOperations.PopCount(separators & 0xFFFF)), ref table);
        return (Vector256.LessThan(value, low) | Vector256.Equals(high, Vector256.Create(byte.MaxValue))).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Press(Vector128<byte> value, uint separators, ref byte values, ref ulong table)
    {
        var first = Places.Of(separators & 0xFF, ref table);
        var second = Places.Of(separators >> 8, ref table) + Vector128.Create((byte)8);
        Unsafe.WriteUnaligned(ref values, Vector128.ShuffleNative(value, first).AsUInt64().ToScalar());
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref values, BitOperations.PopCount(separators & 0xFF)),
            Vector128.ShuffleNative(value, second).AsUInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Where(Vector256<byte> a, Vector256<byte> b, char what) =>
        Mask(Vector256.Equals(a, Vector256.Create((byte)what)), Vector256.Equals(b, Vector256.Create((byte)what)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(Vector256<byte> a, Vector256<byte> b) =>
        a.ExtractMostSignificantBits() | (ulong)b.ExtractMostSignificantBits() << 32;
}
