using System.Numerics;

namespace MnistApi.Imaging;

/// <summary>
/// Averages whole cells of a picture while its rows come by, so that the longer side becomes at most 512 pixels: enough
/// for a digit of 20, and everything after it is cheap. Small pictures stay what they are. Channels are interleaved.
/// </summary>
internal sealed class Shrink : IDisposable
{
    private const int MaxSide = 512;
    private const int MaxRows = 256; // of a cell, that fit into sums of 16 bits: of higher ones, in pictures longer than 131,072, the first

    private readonly int _height;
    private readonly int _cell;
    private readonly ushort[] _columns; // sums of the rows since the last cells were written
    private readonly int _samples; // of a row
    private int _row;

    private Shrink(int width, int height, int channels, int cell)
    {
        (_height, _cell, _samples) = (height, cell, width * channels);
        Result = new Plane((width + cell - 1) / cell, (height + cell - 1) / cell, channels);
        _columns = ArrayPool<ushort>.Shared.Rent(_samples);
        _columns.AsSpan().Clear();
    }

    /// <summary>The averages, complete once all rows were added. The caller disposes of it.</summary>
    public Plane Result { get; }

    /// <summary>For a picture as it is decoded.</summary>
    public static Shrink Of(int width, int height, int channels) => new(width, height, channels, CellOf(width, height));

    /// <summary>Pixels a side of the cells of such a picture, 1 where it stays as it is.</summary>
    public static int CellOf(int width, int height, int maxSide = MaxSide) => (Math.Max(width, height) + maxSide - 1) / maxSide;

    /// <summary>The averages of a whole plane's cells, a new plane.</summary>
    public static Plane ToCells(Plane plane, int cell)
    {
        using var shrink = new Shrink(plane.Width, plane.Height, plane.Channels, cell);
        for (var y = 0; y < plane.Height; y++)
            shrink.Add(plane.Row(y));
        return shrink.Result;
    }

    /// <summary>Adds the next row.</summary>
    public void Add(ReadOnlySpan<byte> row)
    {
        if (_cell == 1)
        {
            row.CopyTo(Result.Row(_row++));
            return;
        }
        if (_row % _cell < MaxRows)
            AddTo(_columns, row);
        _row++;
        if (_row % _cell == 0 || _row == _height)
            WriteCells(Math.Min((_row - 1) % _cell + 1, MaxRows));
    }

    public void Dispose() => ArrayPool<ushort>.Shared.Return(_columns);

    private static void AddTo(Span<ushort> sums, ReadOnlySpan<byte> row)
    {
        var x = 0;
        for (; x <= row.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[x..]), out var low, out var high);
            var first = sums[x..];
            var second = sums[(x + Vector<ushort>.Count)..];
            (new Vector<ushort>(first) + low).CopyTo(first);
            (new Vector<ushort>(second) + high).CopyTo(second);
        }
        for (; x < row.Length; x++)
            sums[x] += row[x];
    }

    private void WriteCells(int rows)
    {
        var columns = _columns.AsSpan(0, _samples);
        var result = Result.Row((_row - 1) / _cell);
        var channels = Result.Channels;
        for (var at = 0; at < result.Length; at += channels)
        {
            var cell = columns[(at * _cell)..Math.Min((at + channels) * _cell, _samples)];
            var pixels = (uint)(rows * cell.Length / channels);
            for (var channel = 0; channel < channels; channel++)
            {
                var sum = pixels / 2;
                for (var x = channel; x < cell.Length; x += channels)
                    sum += cell[x];
                result[at + channel] = (byte)(sum / pixels);
            }
        }
        columns.Clear();
    }
}
