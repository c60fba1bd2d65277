using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MnistApi.Inference;

namespace MnistApi.Training;

/// <summary>
/// A digit as another hand might have written it with another pen: thinner or thicker, turned, slanted, narrower or wider, and bent
/// by a smooth random field (elastic distortion after Simard, Steinkraus and Platt 2003; here a cubic B-spline over a
/// coarse grid). What comes out fills MNIST's 20x20 box again, as any picture does once the recipe that made MNIST is through with it.
/// </summary>
internal sealed class Distortion
{
    private const float Rotation = 0.22f; // radians, about 13 degrees
    private const float Shear = 0.25f;
    private const float Scale = 0.25f;
    private const float Bend = 3.2f; // pixels at a control point, before the spline smooths it
    private const float Thinning = 0.5f; // share of one erosion
    private const float Thickening = 1f; // share of one dilation
    private const float Cutting = 0.3f; // share of the pictures that lose a little at one side, as where somebody drew or cut over the edge
    private const float MaxCut = 3.5f; // pixels
    private const float Stretching = 0.3f; // share of the pictures whose digit is pulled towards a square, as forms and databases do

    private const int Spacing = 6; // pixels between control points
    private const int Controls = MnistImage.Width / Spacing + 4; // a side: one before and two after the picture
    private const float Centre = (MnistImage.Width - 1) / 2f;
    private const int Terms = Controls + 2; // of a position: what the controls add, where a straight line would look

    private const int Grid = MatrixProduct.TileColumns; // room for the rows and columns of a picture
    private const int Margin = 2; // background around the source
    private const int Row = MnistImage.Width + 2 * Margin;

    private static readonly float[] s_everyPixel = [.. Enumerable.Range(0, MnistImage.Width).Select(i => (float)i)];

    private readonly float[] _source = new float[Row * Row];
    private readonly float[] _neighbours = new float[Row * Row];
    private readonly float[] _bendX = new float[Controls * Controls];
    private readonly float[] _bendY = new float[Controls * Controls];
    private readonly float[] _rowTerms = new float[Grid * Terms];
    private readonly float[] _splines = new float[Controls * Grid];
    private readonly float[] _columnTerms = new float[Terms * Grid];
    private readonly float[] _x = new float[Grid * Grid];
    private readonly float[] _y = new float[Grid * Grid];
    private readonly float[] _whole = new float[MnistImage.Pixels];
    private readonly float[] _columns = new float[MnistBox.Side];
    private readonly float[] _rows = new float[MnistBox.Side];
    private float _xx, _xy, _yx, _yy; // where a pixel of the result looks in the source, relative to the centre

    /// <summary>Draws a distorted copy.</summary>
    /// <param name="image">784 bytes.</param>
    /// <param name="strength">0 leaves the digit as it is; 1 allows the full ranges.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="box">Receives <see cref="MnistBox.Side"/> squared numbers in 0..1.</param>
    public void Apply(ReadOnlySpan<byte> image, float strength, ref RandomStream random, Span<float> box)
    {
        for (var y = 0; y < MnistImage.Height; y++)
        {
            TensorPrimitives.ConvertTruncating(
                image.Slice(y * MnistImage.Width, MnistImage.Width), _source.AsSpan((y + Margin) * Row + Margin, MnistImage.Width));
        }
        ChangePen(random.Uniform() * (Thinning + Thickening) - Thinning, strength);

        var angle = random.Within(Rotation * strength);
        var shear = random.Within(Shear * strength);
        var scaleX = 1 + random.Within(Scale * strength);
        // rotation * shear * scale
        float cos = MathF.Cos(angle), sin = MathF.Sin(angle);
        (_xx, _xy) = (cos * scaleX, cos * shear - sin);
        (_yx, _yy) = (sin * scaleX, sin * shear + cos);
        for (var i = 0; i < _bendX.Length; i++)
            (_bendX[i], _bendY[i]) = (random.Within(Bend * strength), random.Within(Bend * strength));

        Draw(s_everyPixel, s_everyPixel, _whole);
        var stretch = random.Uniform() < Stretching * strength ? random.Uniform() : 0;
        FindBox(stretch, random.Uniform() < Cutting * strength ? (int)(1 + random.Uniform() * (MaxCut - 1)) : 0, random.Below(4));
        Draw(_columns, _rows, box);
        TensorPrimitives.Multiply(box, 1f / MnistImage.FullInk, box);
    }

    /// <summary>Blends the source with its dilation (above 0) or erosion (below 0) by the four neighbours.</summary>
    private void ChangePen(float width, float strength)
    {
        width *= strength;
        var inner = _source.AsSpan(Row, _source.Length - 2 * Row);
        var result = _neighbours.AsSpan(Row, inner.Length);
        if (width > 0)
        {
            TensorPrimitives.Max(_source.AsSpan(0, inner.Length), _source.AsSpan(2 * Row, inner.Length), result);
            TensorPrimitives.Max(result, _source.AsSpan(Row - 1, inner.Length), result);
            TensorPrimitives.Max(result, _source.AsSpan(Row + 1, inner.Length), result);
            TensorPrimitives.Max(result, inner, result);
        }
        else
        {
            TensorPrimitives.Min(_source.AsSpan(0, inner.Length), _source.AsSpan(2 * Row, inner.Length), result);
            TensorPrimitives.Min(result, _source.AsSpan(Row - 1, inner.Length), result);
            TensorPrimitives.Min(result, _source.AsSpan(Row + 1, inner.Length), result);
            TensorPrimitives.Min(result, inner, result);
        }
        TensorPrimitives.Lerp(inner, result, MathF.Abs(width), inner);
        for (var y = 0; y < Row; y++) // the margin stays background
        {
            _source.AsSpan(y * Row, Margin).Clear();
            _source.AsSpan((y + 1) * Row - Margin, Margin).Clear();
        }
        _source.AsSpan(0, Margin * Row).Clear();
        _source.AsSpan((Row - Margin) * Row).Clear();
    }

    /// <summary>The columns and rows of the whole picture that become the box: around the ink,
    /// without what is cut off at a side, square unless stretched.</summary>
    private void FindBox(float stretch, int cut, int edge)
    {
        int left = MnistImage.Width, right = 0, top = -1, bottom = 0;
        for (var y = 0; y < MnistImage.Height; y++)
        {
            var row = _whole.AsSpan(y * MnistImage.Width, MnistImage.Width);
            for (var x = 0; x < row.Length; x++)
            {
                if (row[x] < MnistBox.Threshold * MnistImage.FullInk)
                    continue;
                left = Math.Min(left, x);
                right = Math.Max(right, x);
                top = top < 0 ? y : top;
                bottom = y;
            }
        }
        if (top < 0)
            (left, right, top, bottom) = (4, 23, 4, 23); // no ink: MNIST's own box
        if (Math.Min(right - left, bottom - top) > 4 * cut)
        {
            left += edge == 0 ? cut : 0;
            right -= edge == 1 ? cut : 0;
            top += edge == 2 ? cut : 0;
            bottom -= edge == 3 ? cut : 0;
        }
        float width = right - left + 1, height = bottom - top + 1;
        var side = Math.Max(width, height);
        Spread(left + width / 2, side + (width - side) * stretch, _columns);
        Spread(top + height / 2, side + (height - side) * stretch, _rows);
    }

    /// <summary>Cells of equal size from a whole pixel on: a digit that fills the box already is not blurred by half a pixel.</summary>
    private static void Spread(float middle, float length, Span<float> positions)
    {
        var start = MathF.Floor(middle - length / 2);
        for (var i = 0; i < positions.Length; i++)
            positions[i] = start - 0.5f + (i + 0.5f) * length / positions.Length;
    }

    /// <summary>Looks up the source for each row and column of a grid over the result.</summary>
    private void Draw(ReadOnlySpan<float> columns, ReadOnlySpan<float> rows, Span<float> result)
    {
        Array.Clear(_rowTerms);
        for (var i = 0; i < rows.Length; i++)
        {
            var terms = _rowTerms.AsSpan(i * Terms, Terms);
            Spline(rows[i], terms, 1);
            terms[Controls] = 1;
            terms[Controls + 1] = rows[i] - Centre;
        }
        Array.Clear(_splines);
        for (var i = 0; i < columns.Length; i++)
            Spline(columns[i], _splines.AsSpan(i), Grid);
        Place(columns, _bendX, _xx, _xy, _x);
        Place(columns, _bendY, _yx, _yy, _y);
        for (var row = 0; row < rows.Length; row++)
            Sample(_x.AsSpan(row * Grid), _y.AsSpan(row * Grid), result.Slice(row * columns.Length, columns.Length));
    }

    /// <summary>One coordinate of where each point of the grid looks: row terms times column terms.</summary>
    private void Place(ReadOnlySpan<float> columns, float[] bend, float alongX, float alongY, float[] places)
    {
        Array.Clear(_columnTerms);
        MatrixProduct.Add(bend, Controls, 1, _splines, Grid, _columnTerms, Grid, Controls, Grid, Controls);
        for (var i = 0; i < columns.Length; i++)
        {
            _columnTerms[Controls * Grid + i] = Centre + Margin + alongX * (columns[i] - Centre);
            _columnTerms[(Controls + 1) * Grid + i] = alongY;
        }
        Array.Clear(places);
        MatrixProduct.Add(_rowTerms, Terms, 1, _columnTerms, Grid, places, Grid, Grid, Grid, Terms);
        TensorPrimitives.Max(places, 0, places);
        TensorPrimitives.Min(places, Row - 1.001f, places); // the background continues beyond the edge
    }

    /// <summary>The source between its pixels, bilinear.</summary>
    private void Sample(ReadOnlySpan<float> xs, ReadOnlySpan<float> ys, Span<float> result)
    {
        ref var source = ref MemoryMarshal.GetArrayDataReference(_source);
        for (var i = 0; i < result.Length; i++)
        {
            int column = (int)xs[i], row = (int)ys[i]; // inside: see Place
            float right = xs[i] - column, down = ys[i] - row;
            ref var pixel = ref Unsafe.Add(ref source, row * Row + column);
            var upper = pixel + (Unsafe.Add(ref pixel, 1) - pixel) * right;
            pixel = ref Unsafe.Add(ref pixel, Row);
            var lower = pixel + (Unsafe.Add(ref pixel, 1) - pixel) * right;
            result[i] = upper + (lower - upper) * down;
        }
    }

    /// <summary>Writes the cubic B-spline's weights of the four control points around
    /// a position, each this far from the one before.</summary>
    private static void Spline(float position, Span<float> weights, int step)
    {
        position = Math.Clamp(position, 0, MnistImage.Width - 1) / Spacing;
        var first = (int)position;
        var t = position - first;
        weights[first * step] = (1 - t) * (1 - t) * (1 - t) / 6;
        weights[(first + 1) * step] = (3 * t * t * t - 6 * t * t + 4) / 6;
        weights[(first + 2) * step] = (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6;
        weights[(first + 3) * step] = t * t * t / 6;
    }
}
