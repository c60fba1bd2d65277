using MnistApi.Inference;

namespace MnistApi.Training;

/// <summary>
/// A digit as another hand might have written it: turned, slanted, scaled and shifted a little, and bent by a
/// smooth random field (elastic distortion after Simard, Steinkraus and Platt 2003; here a cubic B-spline over a coarse grid).
/// </summary>
internal sealed class Distortion
{
    private const float Rotation = 0.22f; // radians, about 13 degrees
    private const float Shear = 0.25f;
    private const float Scale = 0.15f;
    private const float Shift = 1.6f; // pixels
    private const float Bend = 3.2f; // pixels at a control point, before the spline smooths it

    private const int Spacing = 6; // pixels between control points
    private const int Side = MnistImage.Width / Spacing + 4; // control points a side: one before and two after the picture
    private const float Centre = (MnistImage.Width - 1) / 2f;

    private static readonly float[] s_weights = SplineWeights();

    private readonly float[] _controls = new float[2 * Side * Side];
    private readonly float[] _row = new float[2 * Side];

    /// <summary>Writes a distorted copy, 784 numbers in 0..1.</summary>
    /// <param name="image">784 bytes.</param>
    /// <param name="strength">0 leaves the picture as it is; 1 allows the full ranges.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="result">Receives the copy.</param>
    public void Apply(ReadOnlySpan<byte> image, float strength, ref RandomStream random, Span<float> result)
    {
        var angle = random.Within(Rotation * strength);
        var shear = random.Within(Shear * strength);
        var scaleX = 1 + random.Within(Scale * strength);
        var scaleY = 1 + random.Within(Scale * strength);
        var shiftX = random.Within(Shift * strength);
        var shiftY = random.Within(Shift * strength);
        // where a pixel of the result looks in the picture: rotation * shear * scale
        float cos = MathF.Cos(angle), sin = MathF.Sin(angle);
        float xx = cos * scaleX, xy = (cos * shear - sin) * scaleY;
        float yx = sin * scaleX, yy = (sin * shear + cos) * scaleY;
        foreach (ref var control in _controls.AsSpan())
            control = random.Within(Bend * strength);

        for (var y = 0; y < MnistImage.Height; y++)
        {
            BlendRow(y);
            for (var x = 0; x < MnistImage.Width; x++)
            {
                var (bendX, bendY) = BendAt(x);
                float dx = x - Centre, dy = y - Centre;
                var fromX = Centre + xx * dx + xy * dy + shiftX + bendX;
                var fromY = Centre + yx * dx + yy * dy + shiftY + bendY;
                result[y * MnistImage.Width + x] = Sample(image, fromX, fromY);
            }
        }
    }

    /// <summary>The field's control points blended for one row of pixels.</summary>
    private void BlendRow(int y)
    {
        var first = y / Spacing;
        var weights = s_weights.AsSpan(4 * (y % Spacing), 4);
        for (var i = 0; i < _row.Length; i++)
        {
            var sum = 0f;
            for (var k = 0; k < 4; k++)
                sum += weights[k] * _controls[(first + k) * 2 * Side + i];
            _row[i] = sum;
        }
    }

    private (float X, float Y) BendAt(int x)
    {
        var first = x / Spacing;
        var weights = s_weights.AsSpan(4 * (x % Spacing), 4);
        float bendX = 0, bendY = 0;
        for (var k = 0; k < 4; k++)
        {
            bendX += weights[k] * _row[first + k];
            bendY += weights[k] * _row[Side + first + k];
        }
        return (bendX, bendY);
    }

    /// <summary>The picture between its pixels, bilinear; ground outside.</summary>
    private static float Sample(ReadOnlySpan<byte> image, float x, float y)
    {
        float left = MathF.Floor(x), top = MathF.Floor(y);
        int column = (int)left, row = (int)top;
        if (column < -1 || row < -1 || column >= MnistImage.Width || row >= MnistImage.Height)
            return 0;
        float right = x - left, down = y - top;
        var upper = Pixel(image, column, row) * (1 - right) + Pixel(image, column + 1, row) * right;
        var lower = Pixel(image, column, row + 1) * (1 - right) + Pixel(image, column + 1, row + 1) * right;
        return (upper * (1 - down) + lower * down) * (1f / MnistImage.FullInk);
    }

    private static float Pixel(ReadOnlySpan<byte> image, int column, int row) =>
        (uint)column < MnistImage.Width && (uint)row < MnistImage.Height ? image[row * MnistImage.Width + column] : 0;

    /// <summary>The cubic B-spline's four weights for each pixel position between two control points.</summary>
    private static float[] SplineWeights()
    {
        var weights = new float[4 * Spacing];
        for (var i = 0; i < Spacing; i++)
        {
            var t = i / (float)Spacing;
            weights[4 * i] = (1 - t) * (1 - t) * (1 - t) / 6;
            weights[4 * i + 1] = (3 * t * t * t - 6 * t * t + 4) / 6;
            weights[4 * i + 2] = (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6;
            weights[4 * i + 3] = t * t * t / 6;
        }
        return weights;
    }
}
