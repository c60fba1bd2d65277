using System.Numerics;
using System.Runtime.Intrinsics;
using SixLabors.ImageSharp.Advanced;

namespace MnistApi.Imaging;

/// <summary>
/// Averages whole cells of a picture, so that the longer side becomes at most 512 pixels: enough for a digit of 20, and
/// everything after it is cheap. Small pictures stay what they are. Channels are interleaved.
/// </summary>
internal static class Shrink
{
    private const int MaxSide = 512;
    private const int MaxRows = 256; // of a cell, that fit into sums of 16 bits: of higher ones, in pictures longer than 131,072, the first
    private const int RowsAtOnce = 4; // read side by side: half the time of one after the other, at 16 megapixels

    /// <summary>The samples of one row, in the room given or where they are.</summary>
    public delegate ReadOnlySpan<byte> RowSamples<TPixel>(ReadOnlySpan<TPixel> row, Span<byte> room);

    /// <summary>A row of the picture, which stays as it is while <see cref="RowsAtOnce"/> rows are read.</summary>
    private delegate ReadOnlySpan<byte> RowOf(int y);

    /// <summary>Pixels a side of the cells of such a picture, 1 where it stays as it is.</summary>
    public static int CellOf(int width, int height, int maxSide = MaxSide) => (Math.Max(width, height) + maxSide - 1) / maxSide;

    /// <summary>The averages of a picture's rows as they are decoded, a new plane.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="channels">Samples a pixel.</param>
    /// <param name="samplesOf">A row's samples, in the room given or where they are.</param>
    public static Plane ToCells<TPixel>(Image<TPixel> image, int channels, RowSamples<TPixel> samplesOf)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var room = new Plane(image.Width, Math.Min(RowsAtOnce, image.Height), channels); // no larger than the picture
        return ToCells(image.Width, image.Height, channels, CellOf(image.Width, image.Height),
            y => samplesOf(image.DangerousGetPixelRowMemory(y).Span, room.Row(y % room.Height)));
    }

    /// <summary>The averages of a whole plane's cells, a new plane.</summary>
    public static Plane ToCells(Plane plane, int cell) => ToCells(plane.Width, plane.Height, plane.Channels, cell, y => plane.Row(y));

    private static Plane ToCells(int width, int height, int channels, int cell, RowOf rowOf)
    {
        var result = new Plane((width + cell - 1) / cell, (height + cell - 1) / cell, channels);
        if (cell == 1)
        {
            for (var y = 0; y < height; y++)
                rowOf(y).CopyTo(result.Row(y));
            return result;
        }
        var length = width * channels + Vector128<ushort>.Count; // a pixel is read as a whole vector
        var columns = ArrayPool<ushort>.Shared.Rent(length);
        for (int top = 0, y = 0; y < result.Height; y++, top += cell)
        {
            var rows = Math.Min(Math.Min(cell, MaxRows), height - top);
            columns.AsSpan().Clear();
            for (var row = 0; row < rows; row += RowsAtOnce)
                AddTo(columns, Row(row), Row(row + 1), Row(row + 2), Row(row + 3));
            WriteCells(columns.AsSpan(0, length), result.Row(y), channels, cell, rows);

            ReadOnlySpan<byte> Row(int row) => row < rows ? rowOf(top + row) : [];
        }
        ArrayPool<ushort>.Shared.Return(columns);
        return result;
    }

    /// <summary>Adds up to four rows; those that are not there are empty.</summary>
    private static void AddTo(
        Span<ushort> sums, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, ReadOnlySpan<byte> fourth)
    {
        var x = 0;
        for (; x <= first.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            var (low, high) = (new Vector<ushort>(sums[x..]), new Vector<ushort>(sums[(x + Vector<ushort>.Count)..]));
            Add(first, x, ref low, ref high);
            Add(second, x, ref low, ref high);
            Add(third, x, ref low, ref high);
            Add(fourth, x, ref low, ref high);
            low.CopyTo(sums[x..]);
            high.CopyTo(sums[(x + Vector<ushort>.Count)..]);
        }
        for (; x < first.Length; x++)
            sums[x] += (ushort)(At(first, x) + At(second, x) + At(third, x) + At(fourth, x));
    }

    private static int At(ReadOnlySpan<byte> row, int x) => row.IsEmpty ? 0 : row[x];

    private static void Add(ReadOnlySpan<byte> row, int x, ref Vector<ushort> low, ref Vector<ushort> high)
    {
        if (row.IsEmpty)
            return;
        Vector.Widen(new Vector<byte>(row[x..]), out var first, out var second);
        low += first;
        high += second;
    }

    /// <summary>Averages the cells of one row of them, all channels of a pixel at once.</summary>
    private static void WriteCells(ReadOnlySpan<ushort> columns, Span<byte> result, int channels, int cell, int rows)
    {
        var samples = columns.Length - Vector128<ushort>.Count;
        for (var at = 0; at < result.Length; at += channels)
        {
            var end = Math.Min((at + channels) * cell, samples);
            var sums = Vector128<uint>.Zero;
            for (var x = at * cell; x < end; x += channels)
                sums += Vector128.WidenLower(Vector128.Create(columns[x..]));
            var pixels = (float)(rows * (end - at * cell) / channels);
            var averages = Vector128.ConvertToInt32(Vector128.ConvertToSingle(sums.AsInt32()) / pixels + Vector128.Create(0.5f));
            for (var channel = 0; channel < channels; channel++)
                result[at + channel] = (byte)averages[channel];
        }
    }
}
