using System.Runtime.InteropServices;
using MnistApi.Inference.Kernels;

namespace MnistApi.Predict;

/// <summary>
/// Reads pixels fast where JSON has them as clients write them: numbers in arrays, however nested. Whatever else it meets it does not
/// read; a strict reader then reads the text from its beginning, so it only has to be right about what it accepts. A row is an innermost
/// array; its length is 0 where they differ.
/// </summary>
internal static class PixelText
{
    /// <summary>Reads exactly so many whole numbers from 0 to 255; the last <see cref="ByteNumbers.Slack"/> bytes are scratch.</summary>
    public static bool TryReadBytes(ReadOnlySpan<byte> json, ref int at, Span<byte> pixels, int maxDepth, out int row) =>
        TryRead(json, ref at, pixels, pixels.Length - ByteNumbers.Slack, maxDepth, out row);

    public static bool TryReadFloats(ReadOnlySpan<byte> json, ref int at, Span<float> pixels, int maxDepth, out int row) =>
        TryRead(json, ref at, pixels, pixels.Length, maxDepth, out row);

    private static bool TryRead<T>(ReadOnlySpan<byte> json, ref int at, Span<T> pixels, int expected, int maxDepth, out int row)
        where T : unmanaged
    {
        var (filled, depth) = (0, 0);
        row = 0;
        do
        {
            var outer = depth;
            while (JsonSpace.TrySkip(json, ref at, '['))
                depth++;
            if (depth == outer || depth > maxDepth)
                return false;
            var count = typeof(T) == typeof(byte)
                ? ReadRow(json, ref at, MemoryMarshal.AsBytes(pixels[filled..]))
                : ReadRow(json, ref at, MemoryMarshal.Cast<T, float>(pixels[filled..]));
            if (count <= 0)
                return false;
            row = filled == 0 || row == count ? count : 0;
            filled += count;
            depth--;
            while (depth > 0 && JsonSpace.TrySkip(json, ref at, ']'))
                depth--;
        }
        while (depth > 0 && JsonSpace.TrySkip(json, ref at, ','));
        return depth == 0 && filled == expected;
    }

    /// <summary>Reads an innermost array from behind its opening bracket to behind the closing one.</summary>
    /// <returns>How many numbers it has; below 0 for text of another form, or more numbers than there is room for.</returns>
    private static int ReadRow(ReadOnlySpan<byte> json, ref int at, Span<byte> pixels)
    {
        var count = ByteNumbers.Read(json, at, pixels, out var consumed);
        at += consumed;
        return count;
    }

    private static int ReadRow(ReadOnlySpan<byte> json, ref int at, Span<float> pixels)
    {
        for (var count = 0; count < pixels.Length;)
        {
            JsonSpace.Skip(json, ref at);
            if (!JsonNumber.TryRead(json, ref at, out pixels[count++]))
                break;
            JsonSpace.Skip(json, ref at);
            var separator = at < json.Length ? json[at++] : 0;
            if (separator == ']')
                return count;
            if (separator != ',')
                break;
        }
        return ByteNumbers.Other;
    }
}
