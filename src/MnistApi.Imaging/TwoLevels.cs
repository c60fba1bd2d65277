using System.Buffers;

namespace MnistApi.Imaging;

/// <summary>A picture of two grey levels, cut so tight that its ink reaches the border, as scanned forms and data sets have them.</summary>
/// <param name="Ground">The ground's level.</param>
/// <param name="Ink">The ink's.</param>
/// <param name="IsSeparate">Whether there is little between the two.</param>
/// <param name="Widest">The side of the largest square that is all ink, as a share of the picture's longer side.</param>
internal readonly record struct TwoLevels(int Ground, int Ink, bool IsSeparate, float Widest)
{
    private const double LeastSeparation = 0.93; // the share of the variance that lies between the two levels
    private const float WidestStroke = 0.2f;

    /// <summary>Whether there are but two levels, and the ink is nowhere wide: not so with a shadow.</summary>
    public bool AreStrokes => IsSeparate && Widest <= WidestStroke;

    /// <summary>The two levels, split where they lie furthest apart (Otsu 1979); null for a picture of one.</summary>
    public static TwoLevels? Of(Plane plane)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        foreach (var pixel in plane.Pixels)
            histogram[pixel]++;
        var (split, separation) = Split(histogram, plane.Pixels.Length);
        if (split < 0)
            return null;
        var dark = 0;
        for (var level = 0; level <= split; level++)
            dark += histogram[level];
        var darkShare = dark / (float)plane.Pixels.Length;
        // the ink is what there is less of: in all, along the border, and in the corners
        var isInkDark = darkShare + DarkOnBorder(plane, split) + DarkInCorners(plane, split) < 1.5f;
        int darkLevel = Median(histogram[..(split + 1)]), lightLevel = split + 1 + Median(histogram[(split + 1)..]);
        var widest = LargestSquare(plane, split, isInkDark) / (float)Math.Max(plane.Width, plane.Height);
        var isSeparate = separation >= LeastSeparation;
        return isInkDark ? new TwoLevels(lightLevel, darkLevel, isSeparate, widest) : new TwoLevels(darkLevel, lightLevel, isSeparate, widest);
    }

    private static (int Level, double Separation) Split(ReadOnlySpan<int> histogram, int total)
    {
        double sum = 0, squares = 0;
        for (var level = 0; level < 256; level++)
        {
            sum += (double)level * histogram[level];
            squares += (double)level * level * histogram[level];
        }
        var variance = squares / total - sum / total * (sum / total);
        var (best, most) = (-1, 0.0);
        double count = 0, below = 0;
        for (var level = 0; level < 255; level++)
        {
            count += histogram[level];
            below += (double)level * histogram[level];
            if (count == 0 || count == total)
                continue;
            var apart = below / count - (sum - below) / (total - count);
            var between = count / total * (1 - count / total) * apart * apart;
            if (between > most)
                (best, most) = (level, between);
        }
        return (best, most / Math.Max(variance, 1e-9));
    }

    private static float DarkOnBorder(Plane plane, int split)
    {
        int dark = DarkIn(plane.Row(0), split) + DarkIn(plane.Row(plane.Height - 1), split);
        for (var y = 0; y < plane.Height; y++)
            dark += (plane.Row(y)[0] <= split ? 1 : 0) + (plane.Row(y)[^1] <= split ? 1 : 0);
        return dark / (2f * (plane.Width + plane.Height));
    }

    private static float DarkInCorners(Plane plane, int split)
    {
        ReadOnlySpan<byte> corners = [plane.Row(0)[0], plane.Row(0)[^1], plane.Row(plane.Height - 1)[0], plane.Row(plane.Height - 1)[^1]];
        return DarkIn(corners, split) / 4f;
    }

    private static int DarkIn(ReadOnlySpan<byte> pixels, int split)
    {
        var dark = 0;
        foreach (var pixel in pixels)
            dark += pixel <= split ? 1 : 0;
        return dark;
    }

    private static int Median(ReadOnlySpan<int> histogram)
    {
        long total = 0;
        foreach (var count in histogram)
            total += count;
        var median = 0;
        for (long below = histogram[0]; below * 2 < total; below += histogram[median])
            median++;
        return median;
    }

    /// <summary>The side of the largest square that is all ink.</summary>
    private static int LargestSquare(Plane plane, int split, bool isInkDark)
    {
        var sides = ArrayPool<int>.Shared.Rent(plane.Width); // of the largest squares that end in the row above, then in this one
        Array.Clear(sides);
        var largest = 0;
        for (var y = 0; y < plane.Height; y++)
        {
            var row = plane.Row(y);
            int left = 0, aboveLeft = 0;
            for (var x = 0; x < row.Length; x++)
            {
                var above = sides[x];
                left = row[x] <= split == isInkDark ? Math.Min(above, Math.Min(left, aboveLeft)) + 1 : 0;
                aboveLeft = above;
                sides[x] = left;
                largest = Math.Max(largest, left);
            }
        }
        ArrayPool<int>.Shared.Return(sides);
        return largest;
    }
}
