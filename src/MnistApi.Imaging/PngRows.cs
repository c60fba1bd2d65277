using System.Buffers;
using System.IO.Compression;

namespace MnistApi.Imaging;

/// <summary>
/// Unpacks a picture's data without keeping it: there must be as many bytes as the header asks for, and where the palette has fewer entries
/// than an index can name, no index beyond it.
/// </summary>
internal static class PngRows
{
    /// <param name="packed">The data of all chunks.</param>
    /// <param name="header">The picture's header.</param>
    /// <param name="paletteEntries">How many colours the palette has.</param>
    /// <exception cref="PictureException">The data is not so.</exception>
    public static void Require(MemoryStream packed, PngHeader header, int paletteEntries)
    {
        try
        {
            using var plain = new ZLibStream(packed, CompressionMode.Decompress);
            if (header.Colour == PngHeader.Palette && paletteEntries < 1 << header.Depth)
                RequireIndices(plain, header, paletteEntries);
            else
                RequireCount(plain, header.UnpackedBytes(), 0);
        }
        catch (Exception error) when (error is InvalidDataException or IOException) // the latter for what zlib itself refuses
        {
            throw new PictureException(PictureError.Damaged, "the PNG is truncated or damaged: its data does not unpack", error);
        }
    }

    private static void RequireCount(ZLibStream plain, long expected, long got)
    {
        Span<byte> buffer = stackalloc byte[4096];
        for (int read; got <= expected && (read = plain.Read(buffer)) > 0;)
            got += read;
        if (got != expected)
        {
            var bytes = got > expected ? $"more than {expected}" : $"{got}";
            throw PngFile.Damaged($"its data has {bytes} bytes, expected {expected}");
        }
    }

    private static void RequireIndices(ZLibStream plain, PngHeader header, int paletteEntries)
    {
        var expected = header.UnpackedBytes();
        var room = 1 + (int)(((long)header.Width * header.Depth + 7) / 8);
        byte[] row = ArrayPool<byte>.Shared.Rent(room), above = ArrayPool<byte>.Shared.Rent(room);
        try
        {
            long got = 0;
            foreach (var (columns, rows) in header.Passes())
            {
                var length = 1 + (int)(((long)columns * header.Depth + 7) / 8);
                Array.Clear(above);
                for (var y = 0; y < rows; y++)
                {
                    var read = plain.ReadAtLeast(row.AsSpan(0, length), length, throwOnEndOfStream: false);
                    got += read;
                    if (read < length)
                        throw PngFile.Damaged($"its data has {got} bytes, expected {expected}");
                    Unfilter(row.AsSpan(0, length), above);
                    var greatest = Greatest(row.AsSpan(1, length - 1), columns, header.Depth);
                    if (greatest >= paletteEntries)
                        throw PngFile.Damaged($"a pixel has the palette index {greatest}, the palette {paletteEntries} entries");
                    (row, above) = (above, row);
                }
            }
            RequireCount(plain, expected, got);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(row);
            ArrayPool<byte>.Shared.Return(above);
        }
    }

    /// <summary>Undoes a row's filter, which its first byte names; the pixel before is the byte before, as an index takes one.</summary>
    private static void Unfilter(Span<byte> row, ReadOnlySpan<byte> above)
    {
        switch (row[0])
        {
            case 0:
                break;
            case 1:
                for (var i = 2; i < row.Length; i++)
                    row[i] += row[i - 1];
                break;
            case 2:
                for (var i = 1; i < row.Length; i++)
                    row[i] += above[i];
                break;
            case 3:
                for (var i = 1; i < row.Length; i++)
                    row[i] += (byte)((above[i] + (i > 1 ? row[i - 1] : 0)) / 2);
                break;
            case 4:
                for (var i = 1; i < row.Length; i++)
                    row[i] += i > 1 ? Paeth(row[i - 1], above[i], above[i - 1]) : above[i];
                break;
            default:
                throw PngFile.Damaged($"a row has the filter {row[0]}, expected 0 to 4");
        }
    }

    private static byte Paeth(byte left, byte above, byte aboveLeft)
    {
        int fromLeft = Math.Abs(above - aboveLeft), fromAbove = Math.Abs(left - aboveLeft);
        var fromBoth = Math.Abs(left + above - 2 * aboveLeft);
        return fromLeft <= fromAbove && fromLeft <= fromBoth ? left : fromAbove <= fromBoth ? above : aboveLeft;
    }

    /// <summary>The greatest index in a row; what fills up its last byte does not count.</summary>
    private static int Greatest(ReadOnlySpan<byte> row, int columns, int depth)
    {
        var greatest = 0;
        if (depth == 8)
        {
            foreach (var index in row)
                greatest = Math.Max(greatest, index);
            return greatest;
        }
        var mask = (1 << depth) - 1;
        for (int x = 0, shift = 8 - depth; x < columns; x++, shift = shift == 0 ? 8 - depth : shift - depth)
            greatest = Math.Max(greatest, row[x * depth / 8] >> shift & mask);
        return greatest;
    }
}
