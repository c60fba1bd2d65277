using System.Buffers;
using System.Numerics;

namespace MnistApi.Imaging;

/// <summary>
/// Averages whole cells of a picture while its rows come by, so that the longer side becomes at most 512 pixels: enough
/// for a digit of 20, and everything after it is cheap. Small pictures stay what they are. Channels are interleaved.
/// </summary>
internal sealed class Shrink : IDisposable
{
    private const int MaxSide = 512;
    private const int RowsAtOnce = 256; // of bytes, before their sum could outgrow 16 bits

    private readonly int _width;
    private readonly int _height;
    private readonly int _channels;
    private readonly int _cell;
    private readonly ushort[] _columns; // sums of the rows that came last
    private readonly uint[] _cells; // sums of one row of cells
    private int _row;

    private Shrink(int width, int height, int channels, int cell)
    {
        (_width, _height, _channels, _cell) = (width, height, channels, cell);
        Result = new Plane((width + _cell - 1) / _cell, (height + _cell - 1) / _cell, channels);
        _columns = ArrayPool<ushort>.Shared.Rent(width * channels);
        _cells = ArrayPool<uint>.Shared.Rent(Result.Width * channels);
        _columns.AsSpan().Clear();
        _cells.AsSpan().Clear();
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
        AddTo(_columns.AsSpan(0, row.Length), row);
        _row++;
        var rowInCell = (_row - 1) % _cell + 1;
        var isCellDone = rowInCell == _cell || _row == _height;
        if (!isCellDone && rowInCell % RowsAtOnce != 0)
            return;
        SumColumns();
        if (isCellDone)
            WriteCells(rowInCell);
    }

    public void Dispose()
    {
        ArrayPool<ushort>.Shared.Return(_columns);
        ArrayPool<uint>.Shared.Return(_cells);
    }

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

    private void SumColumns()
    {
        var columns = _columns.AsSpan(0, _width * _channels);
        for (var channel = 0; channel < _channels; channel++)
        {
            for (int cell = channel, from = 0; from < columns.Length; cell += _channels, from += _cell * _channels)
            {
                var to = Math.Min(from + _cell * _channels, columns.Length);
                uint sum = 0;
                for (var x = from + channel; x < to; x += _channels)
                    sum += columns[x];
                _cells[cell] += sum;
            }
        }
        columns.Clear();
    }

    private void WriteCells(int rows)
    {
        var result = Result.Row((_row - 1) / _cell);
        for (var x = 0; x < result.Length; x++)
        {
            var columns = Math.Min(_cell, _width - x / _channels * _cell);
            var pixels = (uint)(rows * columns);
            result[x] = (byte)((_cells[x] + pixels / 2) / pixels);
        }
        _cells.AsSpan(0, result.Length).Clear();
    }
}
