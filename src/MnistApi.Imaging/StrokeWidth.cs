using System.Buffers;
using MnistApi.Inference;

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

    /// <summary>Thickens the strokes of digits that were written with a hairline; says whether there were any.</summary>
    public static bool Thicken(Page page)
    {
        var isAny = false;
        foreach (var digit in page.Digits)
        {
            var (width, cell) = digit.Stroke;
            if (width >= Hairline * cell)
                continue;
            Spread(digit.Ink, (Widened * cell - width) / 2);
            isAny = true;
        }
        return isAny;
    }

    /// <summary>Thins the strokes of digits that were written with a marker, unless nothing would be left: a blot stays as it is.</summary>
    public static bool Thin(Page page)
    {
        var isAny = false;
        foreach (var digit in page.Digits)
        {
            var (width, cell) = digit.Stroke;
            if (width <= Marker * cell)
                continue;
            var thinner = new Plane(digit.Ink.Width, digit.Ink.Height);
            digit.Ink.Pixels.CopyTo(thinner.Pixels);
            thinner.Invert();
            Spread(thinner, (width - Thinned * cell) / 2);
            thinner.Invert();
            if (thinner.Pixels.IndexOfAnyInRange((byte)(MnistImage.FullInk / 2), byte.MaxValue) < 0)
            {
                thinner.Dispose();
                continue;
            }
            digit.Replace(thinner);
            isAny = true;
        }
        return isAny;
    }

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
                distances[at] = row[x] > MnistImage.FullInk / 2 ? (ushort)0 : (ushort)near;
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
