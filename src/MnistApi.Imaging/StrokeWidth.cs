using System.Buffers;
using MnistApi.Inference;

namespace MnistApi.Imaging;

/// <summary>
/// The pen's width, and hairlines made as thick as MNIST's strokes: averaged down as they are they would fade to nothing. Markers thicker
/// than any of MNIST's pens are made thinner, which opens loops that they nearly closed.
/// </summary>
internal static class StrokeWidth
{
    /// <summary>Thinner than this, in pixels of the 20x20 box, a stroke is a hairline: of MNIST's, measured in the same way, 3 of 100 are.</summary>
    private const float Hairline = 1.5f;

    /// <summary>What hairlines are widened to; the middle one of MNIST's strokes has 2.2.</summary>
    private const float Widened = 2;

    /// <summary>Thicker than this a stroke is a marker's: of MNIST's, measured in the same way, 3 of 100 are.</summary>
    private const float Marker = 4;

    /// <summary>What markers are thinned to.</summary>
    private const float Thinned = 3.5f;

    private const int SmallSide = 64;
    private const float NoiseWidth = 1.5f; // pixels
    private const float NoiseShare = 0.34f; // of the picture

    /// <summary>Refuses a small picture in which much ink is nowhere wider than a pixel or so: larger ones show their noise by its two sides.</summary>
    /// <exception cref="PictureException">It is noise.</exception>
    public static void RefuseNoise(Plane ink)
    {
        if (Math.Max(ink.Width, ink.Height) > SmallSide)
            return;
        long sum = 0;
        foreach (var level in ink.Pixels)
            sum += level;
        var width = Of(ink, new Box(0, 0, ink.Width, ink.Height));
        if (sum > NoiseShare * MnistImage.FullInk * ink.Pixels.Length && width < NoiseWidth)
            throw new PictureException(PictureError.NoInk, $"the picture is noise: expected strokes, got ink in {100 * sum / (MnistImage.FullInk * ink.Pixels.Length)} of 100 places, {width:F1} pixels wide");
    }

    /// <summary>Twice the area over the outline's length, which is the sum of the ink's slopes: in pixels, with no threshold.</summary>
    /// <param name="ink">0 ground to 255 ink.</param>
    /// <param name="box">Where the digit is.</param>
    public static float Of(Plane ink, Box box)
    {
        double area = 0, outline = 0;
        for (var y = Math.Max(0, box.Top - 1); y < Math.Min(ink.Height - 1, box.Bottom + 1); y++)
        {
            int from = Math.Max(0, box.Left - 1), to = Math.Min(ink.Width - 1, box.Right + 1);
            var row = ink.Row(y);
            var next = ink.Row(y + 1);
            for (var x = from; x < to; x++)
            {
                area += row[x];
                float across = row[x + 1] - row[x], down = next[x] - row[x];
                if (across != 0 || down != 0)
                    outline += MathF.Sqrt(across * across + down * down);
            }
        }
        return outline > 0 ? (float)(2 * area / outline) : box.Longer;
    }

    /// <summary>Thickens the ink where the pen was thin, thins it where it was thick; returns the box of what there is now.</summary>
    public static Box Fit(Plane ink, Box box, byte threshold, ref Steps steps)
    {
        var cell = box.Longer / (float)MnistRecipe.BoxSide;
        var width = Of(ink, box);
        if (width > Marker * cell)
            return Thin(ink, box, (width - Thinned * cell) / 2, threshold, ref steps);
        if (width >= Hairline * cell)
            return box;
        var radius = (Widened * cell - width) / 2;
        steps |= Steps.Thickened;
        var reach = (int)MathF.Ceiling(radius) + 1;
        var wider = new Box(Math.Max(0, box.Left - reach), Math.Max(0, box.Top - reach), Math.Min(ink.Width, box.Right + reach), Math.Min(ink.Height, box.Bottom + reach));
        Spread(ink, wider, radius);
        return Box.Of(ink, wider, threshold);
    }

    /// <summary>Spreads the ground into the ink, unless nothing would be left: a blot stays as it is.</summary>
    private static Box Thin(Plane ink, Box box, float radius, byte threshold, ref Steps steps)
    {
        using var inverse = new Plane(box.Width + 2, box.Height + 2); // with ground around it, as at the picture's edge there may be none
        inverse.Pixels.Fill(MnistImage.FullInk);
        for (var y = 0; y < box.Height; y++)
        {
            var target = inverse.Row(y + 1)[1..];
            var source = ink.Row(box.Top + y).Slice(box.Left, box.Width);
            for (var x = 0; x < source.Length; x++)
                target[x] = (byte)(MnistImage.FullInk - source[x]);
        }
        Spread(inverse, new Box(0, 0, inverse.Width, inverse.Height), radius);
        if (inverse.Pixels.IndexOfAnyInRange((byte)0, (byte)(MnistImage.FullInk / 2)) < 0)
            return box;
        steps |= Steps.Thinned;
        for (var y = 0; y < box.Height; y++)
        {
            var source = inverse.Row(y + 1)[1..];
            var target = ink.Row(box.Top + y).Slice(box.Left, box.Width);
            for (var x = 0; x < target.Length; x++)
                target[x] = (byte)(MnistImage.FullInk - source[x]);
        }
        return Box.Of(ink, box, threshold);
    }

    /// <summary>Ink wherever there is ink within the radius, with soft edges: distances by two passes of the chamfer 3-4 (Borgefors 1986).</summary>
    private static void Spread(Plane ink, Box box, float radius)
    {
        const ushort Far = ushort.MaxValue / 2;
        const int Straight = 3, Diagonal = 4;
        var width = box.Width + 2; // a column of nothing on both sides, and a row
        var array = ArrayPool<ushort>.Shared.Rent(width * (box.Height + 2));
        var distances = array.AsSpan(0, width * (box.Height + 2));
        distances.Fill(Far);
        for (var y = 0; y < box.Height; y++)
        {
            var row = ink.Row(box.Top + y).Slice(box.Left, box.Width);
            var at = (y + 1) * width + 1;
            for (var x = 0; x < row.Length; x++, at++)
            {
                distances[at] = row[x] >= 128
                    ? (ushort)0
                    : (ushort)Math.Min(Math.Min(distances[at - 1] + Straight, distances[at - width] + Straight), Math.Min(distances[at - width - 1], distances[at - width + 1]) + Diagonal);
            }
        }
        for (var y = box.Height - 1; y >= 0; y--)
        {
            var row = ink.Row(box.Top + y).Slice(box.Left, box.Width);
            var at = (y + 1) * width + box.Width;
            for (var x = row.Length - 1; x >= 0; x--, at--)
            {
                distances[at] = (ushort)Math.Min(distances[at],
                    Math.Min(Math.Min(distances[at + 1] + Straight, distances[at + width] + Straight), Math.Min(distances[at + width + 1], distances[at + width - 1]) + Diagonal));
                var spread = radius + 0.5f - distances[at] / (float)Straight;
                row[x] = (byte)Math.Max(row[x], Math.Clamp(spread, 0, 1) * MnistImage.FullInk);
            }
        }
        ArrayPool<ushort>.Shared.Return(array);
    }
}
