using System.Buffers;
using System.Numerics;

namespace MnistApi.Imaging;

/// <summary>A background that is known at the middles of cells, at every pixel between them. Rows are asked for in their order.</summary>
internal sealed class Surface : IDisposable
{
    private readonly Plane _cells;
    private readonly int _cell;
    private readonly int _width;
    private readonly (int First, int Second, float Share)[] _columns; // of cells that each pixel of a row lies between
    private readonly float[] _row;
    private float[] _upper; // the cells above, widened to pixels
    private float[] _lower; // those below
    private int _last = -1; // row of cells that was widened

    /// <param name="cells">The background's levels.</param>
    /// <param name="cell">Their side, in pixels.</param>
    /// <param name="width">Of the picture.</param>
    public Surface(Plane cells, int cell, int width)
    {
        (_cells, _cell, _width) = (cells, cell, width);
        _columns = ArrayPool<(int, int, float)>.Shared.Rent(width);
        _row = ArrayPool<float>.Shared.Rent(width);
        _upper = ArrayPool<float>.Shared.Rent(width);
        _lower = ArrayPool<float>.Shared.Rent(width);
        for (var x = 0; x < width; x++)
            _columns[x] = Between(x, cells.Width);
        Widen(_cells.Row(0), _lower); // which is above the first row's pixels as well
    }

    /// <summary>One level for each pixel of a row.</summary>
    public ReadOnlySpan<float> Row(int y)
    {
        var (_, bottom, down) = Between(y, _cells.Height);
        while (_last < bottom)
        {
            (_upper, _lower) = (_lower, _upper);
            Widen(_cells.Row(++_last), _lower);
        }
        var x = 0;
        for (; x <= _width - Vector<float>.Count; x += Vector<float>.Count)
        {
            Vector<float> above = new(_upper, x), below = new(_lower, x);
            (above + down * (below - above)).CopyTo(_row, x);
        }
        for (; x < _width; x++)
            _row[x] = _upper[x] + down * (_lower[x] - _upper[x]);
        return _row.AsSpan(0, _width);
    }

    public void Dispose()
    {
        ArrayPool<(int, int, float)>.Shared.Return(_columns);
        ArrayPool<float>.Shared.Return(_row);
        ArrayPool<float>.Shared.Return(_upper);
        ArrayPool<float>.Shared.Return(_lower);
    }

    private void Widen(ReadOnlySpan<byte> cells, float[] pixels)
    {
        for (var x = 0; x < _width; x++)
        {
            var (first, second, share) = _columns[x];
            pixels[x] = cells[first] + share * (cells[second] - cells[first]);
        }
    }

    /// <summary>The two cells whose middles a pixel lies between, and how far from the first.</summary>
    private (int First, int Second, float Share) Between(int pixel, int cells)
    {
        var at = Math.Clamp((pixel + 0.5f) / _cell - 0.5f, 0, cells - 1);
        var first = Math.Clamp((int)at, 0, Math.Max(0, cells - 2));
        return (first, Math.Min(first + 1, cells - 1), at - first);
    }
}
