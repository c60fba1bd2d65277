using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MnistApi.Inference.Kernels;

/// <summary>
/// Reads text such as <c>0,17,255]</c>: whole numbers from 0 to 255, a comma between two, white space after a comma, a bracket at the end.
/// It knows no other form and says so; somebody else then reads the same text with all of its rules.
/// </summary>
internal static class ByteNumbers
{
    /// <summary>How far beyond the last value the values are written.</summary>
    public const int Slack = 64;

    private const int Lookback = 3; // a number's digits before its separator

    /// <summary>What <see cref="Read"/> returns for text of another form, or of more numbers than there is room for.</summary>
    public const int Other = -1;

    /// <param name="body">What the text is part of.</param>
    /// <param name="start">Where the text begins, after its opening bracket: at 3 or
    /// later, and with no digit in the three bytes before.</param>
    /// <param name="values">Receives the numbers; its last <see cref="Slack"/> bytes are scratch.</param>
    /// <param name="consumed">Bytes up to and with the closing bracket.</param>
    /// <returns>How many numbers there are, or <see cref="Other"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Read(ReadOnlySpan<byte> body, int start, Span<byte> values, out int consumed)
    {
        var room = values.Length - Slack;
        ref var first = ref MemoryMarshal.GetReference(values);
        return start < Lookback ? ReadOneByOne(body[start..], values[..room], out consumed)
            : Avx512Vbmi2.IsSupported ? Read64<TextBlock512>(body, start, ref first, room, out consumed)
            : Avx2.IsSupported ? Read64<TextBlock256>(body, start, ref first, room, out consumed)
            : ReadOneByOne(body[start..], values[..room], out consumed);
    }

    /// <summary>64 bytes at a time. What may stand where is checked on masks of one bit a byte, carried over from block to block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Read64<TBlock>(ReadOnlySpan<byte> body, int start, ref byte values, int room, out int consumed)
        where TBlock : ITextBlock
    {
        var length = body.Length - start;
        ref var text = ref Unsafe.Add(ref MemoryMarshal.GetReference(body), start);
        Span<byte> last = stackalloc byte[Lookback + 64];
        // The bracket before the text, like a comma, may be followed by white space.
        ulong digitsBefore = 0, zerosBefore = 0, gapsBefore = 1ul << 63;
        var count = 0;
        consumed = 0;
        for (nint at = 0; at < length; at += 64)
        {
            scoped ref var block = ref last[Lookback];
            if (length - at >= 64)
            {
                block = ref Unsafe.Add(ref text, at);
            }
            else
            {
                last.Clear(); // the block reaches beyond the body: a copy of what is left, and of the three bytes before it
                body[(start + (int)at - Lookback)..].CopyTo(last);
            }
            TBlock.Classify(ref block, out var digits, out var zeros, out var commas, out var closing);
            var ends = commas | closing;

            // this block as far as the closing bracket, or the end of the text
            var valid = length - at >= 64 ? ulong.MaxValue : (1ul << (int)(length - at)) - 1;
            if ((closing & valid) != 0)
                valid &= closing ^ (closing - 1);
            ends &= valid;
            var spaces = valid & ~(digits | ends);
            if (spaces != 0)
            {
                var gaps = (ends & ~closing) | spaces;
                if ((spaces & ~TBlock.WhiteSpace(ref block)) != 0 || (spaces & ~((gaps << 1) | (gapsBefore >> 63))) != 0)
                    return Other;
            }
            var first = (digits << 1) | (digitsBefore >> 63); // whether the byte before is a digit
            var second = (digits << 2) | (digitsBefore >> 62);
            var third = (digits << 3) | (digitsBefore >> 61);
            var fourth = (digits << 4) | (digitsBefore >> 60);
            var secondZero = (zeros << 2) | (zerosBefore >> 62);
            var thirdZero = (zeros << 3) | (zerosBefore >> 61);
            var leadingZeros = second & ((~third & secondZero) | (third & thirdZero));
            if ((ends & (~first | leadingZeros | (second & third & fourth))) != 0)
                return Other;

            var numbers = BitOperations.PopCount(ends);
            if (count + numbers > room || (TBlock.Values(ref block, ends, ref Unsafe.Add(ref values, count)) & ends) != 0)
                return Other;
            count += numbers;
            if ((closing & valid) != 0)
            {
                consumed = (int)at + BitOperations.TrailingZeroCount(closing) + 1;
                return count;
            }
            digitsBefore = digits;
            zerosBefore = zeros;
            gapsBefore = (ends & ~closing) | spaces;
        }
        return Other;
    }

    private static int ReadOneByOne(ReadOnlySpan<byte> text, Span<byte> values, out int consumed)
    {
        var count = 0;
        consumed = 0;
        for (var at = 0; at < text.Length;)
        {
            while (at < text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
                at++;
            var start = at;
            var value = 0;
            for (; at < text.Length && at - start < 4 && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
                value = value * 10 + text[at] - '0';
            var isNumber = at - start is 1 or 2 or 3 && value <= byte.MaxValue && (at - start == 1 || text[start] != '0');
            if (!isNumber || at == text.Length || count == values.Length || text[at] is not ((byte)',' or (byte)']'))
                return Other;
            values[count++] = (byte)value;
            if (text[at++] == ']')
            {
                consumed = at;
                return count;
            }
        }
        return Other;
    }
}
