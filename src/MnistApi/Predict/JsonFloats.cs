using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistApi.Predict;

/// <summary>
/// Writes probabilities as JSON numbers of nine significant digits at most, which always read back as the same float32. Fixed notation
/// down to 1e-6, below that with an exponent.
/// </summary>
internal static class JsonFloats
{
    /// <summary><see cref="Write"/> writes no more bytes than this; it may use a few more as scratch.</summary>
    public const int MaxLength = 24;

    private const int Digits = 9;
    private const int FixedDecades = 6;

    // 10^0 .. 10^63
    private static readonly double[] s_powersOfTen = [.. Enumerable.Range(0, 64).Select(PowerOfTen)];

    // "00" .. "99"
    private static readonly ushort[] s_pairs = [.. Enumerable.Range(0, 100).Select(i => (ushort)('0' + i / 10 | ('0' + i % 10) << 8))];

    /// <summary>Writes a number from 0 to 1, and says how many bytes it has.</summary>
    public static int Write(float number, ref byte output)
    {
        if (!(number > 0))
        {
            output = (byte)'0';
            return 1;
        }
        if (number >= 1)
        {
            output = (byte)'1';
            return 1;
        }
        // number = 0.ddddddddd * 10^-zeros, estimated from the binary exponent and put right
        var binaryExponent = (int)(BitConverter.SingleToUInt32Bits(number) >> 23) - 127;
        var zeros = Math.Min((int)((-binaryExponent - 1) * 0.30103f), 45);
        if (number * s_powersOfTen[zeros + 1] < 1)
            zeros++;
        var digits = (uint)(number * s_powersOfTen[zeros + Digits] + 0.5);
        if (digits >= 1_000_000_000) // rounded up to the next decade
        {
            digits = 100_000_000;
            zeros--;
            if (zeros < 0)
            {
                output = (byte)'1';
                return 1;
            }
        }
        return zeros < FixedDecades ? WriteFixed(digits, zeros, ref output) : WriteScientific(digits, zeros + 1, ref output);
    }

    private static double PowerOfTen(int exponent) => double.Parse($"1e{exponent}", CultureInfo.InvariantCulture);

    private static int WriteFixed(uint digits, int zeros, ref byte output)
    {
        Unsafe.WriteUnaligned(ref output, (ulong)0x3030303030302E30); // 0.000000
        return WithoutTrailingZeros(ref output, 2 + zeros + WriteDigits(digits, ref Unsafe.Add(ref output, 2 + zeros)));
    }

    private static int WriteScientific(uint digits, int exponent, ref byte output)
    {
        WriteDigits(digits, ref Unsafe.Add(ref output, 1));
        output = Unsafe.Add(ref output, 1);
        Unsafe.Add(ref output, 1) = (byte)'.';
        var length = WithoutTrailingZeros(ref output, 1 + Digits);
        Unsafe.Add(ref output, length++) = (byte)'e';
        Unsafe.Add(ref output, length++) = (byte)'-';
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, length), s_pairs[exponent]);
        return length + 2;
    }

    private static int WriteDigits(uint digits, ref byte output)
    {
        output = (byte)('0' + digits / 100_000_000);
        digits %= 100_000_000;
        uint high = digits / 10_000, low = digits % 10_000;
        ref var pairs = ref MemoryMarshal.GetArrayDataReference(s_pairs);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, 1), Unsafe.Add(ref pairs, high / 100));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, 3), Unsafe.Add(ref pairs, high % 100));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, 5), Unsafe.Add(ref pairs, low / 100));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, 7), Unsafe.Add(ref pairs, low % 100));
        return Digits;
    }

    private static int WithoutTrailingZeros(ref byte output, int length)
    {
        while (Unsafe.Add(ref output, length - 1) == '0')
            length--;
        return Unsafe.Add(ref output, length - 1) == '.' ? length - 1 : length;
    }
}
