namespace MnistApi.Imaging;

/// <summary>
/// The pen's width, and hairlines made as thick as MNIST's strokes: averaged down as they are they would fade to nothing. Markers thicker
/// than any of MNIST's pens are made thinner, which opens loops that they nearly closed.
/// </summary>
internal static class StrokeWidth
{
    private const float Hairline = 1.5f; // pixels of the 20x20 box: of MNIST's strokes, measured in the same way, 3 of 100 are thinner
    private const float Widened = 1.8f; // what hairlines are widened to; with 2 two or three fewer of 6,105 pictures are right
    private const float Marker = 4; // of MNIST's strokes 3 of 100 are thicker
    private const float Thinned = 3.5f; // what markers are thinned to
    private const byte HalfInk = 128; // of 255, from which on a pixel is ink

    /// <summary>Thickens the strokes of digits that were written with a hairline; says whether there were any.</summary>
    public static bool Thicken(Page page) =>
        page.Digits.Where(digit => digit.Stroke.Width < Hairline * digit.Stroke.Cell).Select(digit => Fit(digit, Widened))
            .ToArray().Contains(true);

    /// <summary>Thins the strokes of digits that were written with a marker, unless nothing would be left: a blot stays as it is.</summary>
    public static bool Thin(Page page) =>
        page.Digits.Where(digit => digit.Stroke.Width > Marker * digit.Stroke.Cell).Select(digit => Fit(digit, Thinned))
            .ToArray().Contains(true);

    /// <summary>Twice the area over the outline's length, which is the sum of the ink's slopes; and one cell of MNIST's 20.</summary>
    public static (float Width, float Cell) Measure(Plane ink)
    {
        double area = 0, outline = 0;
        for (var y = 0; y < ink.Height - 1; y++)
        {
            var row = ink.Row(y);
            var next = ink.Row(y + 1);
            for (var x = 0; x < row.Length - 1; x++)
            {
                area += row[x];
                float across = row[x + 1] - row[x], down = next[x] - row[x];
                if (across != 0 || down != 0)
                    outline += MathF.Sqrt(across * across + down * down);
            }
        }
        return ((float)(2 * area / outline), Box.Of(ink, MnistRecipe.Threshold).Longer / (float)MnistRecipe.BoxSide);
    }

    /// <summary>Moves the ink's edges until strokes are as wide as so many cells; says whether ink is left.</summary>
    private static bool Fit(Digit digit, float cells)
    {
        var (width, cell) = digit.Stroke;
        var fitted = digit.Ink.Part(Box.Of(digit.Ink));
        var isThinner = width > cells * cell;
        if (isThinner)
            fitted.Invert();
        Spread(fitted, Math.Abs(width - cells * cell) / 2);
        if (isThinner)
            fitted.Invert();
        var isLeft = fitted.Pixels.IndexOfAnyInRange(HalfInk, byte.MaxValue) >= 0;
        if (isLeft)
            digit.Replace(fitted);
        else
            fitted.Dispose();
        return isLeft;
    }

    /// <summary>Ink wherever there is ink within the radius, with soft edges, by two passes of the chamfer 3-4 (Borgefors 1986).</summary>
    private static void Spread(Plane ink, float radius)
    {
        const ushort Far = ushort.MaxValue / 2;
        const int Straight = 3, Diagonal = 4;
        var width = ink.Width + 2; // a column of nothing on both sides, and a row
        var array = ArrayPool<ushort>.Shared.Rent(width * (ink.Height + 2));
        var distances = array.AsSpan(0, width * (ink.Height + 2));
        distances.Fill(Far);
        for (var y = 0; y < ink.Height; y++)
        {
            var row = ink.Row(y);
            var at = (y + 1) * width + 1;
            for (var x = 0; x < row.Length; x++, at++)
            {
                var near = Math.Min(
                    Math.Min(distances[at - 1], distances[at - width]) + Straight,
                    Math.Min(distances[at - width - 1], distances[at - width + 1]) + Diagonal);
                distances[at] = row[x] > HalfInk - 1 ? (ushort)0 : (ushort)near;
            }
        }
        for (var y = ink.Height - 1; y >= 0; y--)
        {
            var row = ink.Row(y);
            var at = (y + 1) * width + ink.Width;
            for (var x = row.Length - 1; x >= 0; x--, at--)
            {
                var near = Math.Min(
                    Math.Min(distances[at + 1], distances[at + width]) + Straight,
                    Math.Min(distances[at + width + 1], distances[at + width - 1]) + Diagonal);
                distances[at] = (ushort)Math.Min(distances[at], near);
                var spread = radius + 0.5f - distances[at] / (float)Straight;
                row[x] = (byte)Math.Max(row[x], Math.Clamp(spread, 0, 1) * MnistImage.FullInk);
            }
        }
        ArrayPool<ushort>.Shared.Return(array);
    }
}
