using System.Buffers;

namespace MnistApi.Imaging;

/// <summary>A picture of two grey levels, cut so tight that its ink reaches the border, as scanned forms and data sets have them.</summary>
/// <param name="Ground">The ground's level.</param>
/// <param name="Ink">The ink's.</param>
/// <param name="Separation">The share of the variance that lies between the two.</param>
/// <param name="IsClean">Whether no lamp shone on it and no camera saw it.</param>
/// <param name="Widest">The side of the largest square that is all ink, as a share of the picture's longer side.</param>
internal readonly record struct TwoLevels(int Ground, int Ink, double Separation, bool IsClean, float Widest)
{
    private const double LeastSeparation = 0.93;
    private const double LeastCleanSeparation = 0.8; // the same with blurred ink on a clean ground
    private const float OneLevelShare = 0.5f; // of such a ground that is of one level, without grain
    private const float BeyondShare = 0.01f; // of it, that is still further from the ink
    private const int LeastApart = 24; // levels
    private const float WidestStroke = 0.2f;
    private const float WidestCleanStroke = 0.5f;

    /// <summary>Whether there are but two levels, and the ink is nowhere wide: not so with a shadow.</summary>
    public bool AreStrokes => IsClean
        ? Widest <= WidestCleanStroke && Separation >= LeastCleanSeparation
        : Widest <= WidestStroke && Separation >= LeastSeparation;

    /// <summary>Whether there is little between the two.</summary>
    public bool AreSharp => Separation >= LeastSeparation;

    /// <summary>The two levels, split where they lie furthest apart (Otsu 1979); null for a picture of one.</summary>
    public static TwoLevels? Of(Plane plane)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        foreach (var pixel in plane.Pixels)
            histogram[pixel]++;
        var (split, separation, _) = Split(histogram);
        if (split < 0)
            return null;
        var isInkDark = IsInkDark(plane, histogram, split);
        ReadOnlySpan<int> dark = histogram[..(split + 1)], light = histogram[(split + 1)..], ink = isInkDark ? dark : light;
        int darkLevel = Median(dark), lightLevel = split + 1 + Median(light);
        var widest = LargestSquare(plane, split, isInkDark) / (float)Math.Max(plane.Width, plane.Height);
        var isClean = IsOneLevel(isInkDark ? light : dark, isInkDark) && !HidesShadow(ink, isInkDark);
        return new TwoLevels(isInkDark ? lightLevel : darkLevel, isInkDark ? darkLevel : lightLevel, separation, isClean, widest);
    }

    /// <summary>Whether the ground is of one level, as only programs make it, and nothing lies on its other side.</summary>
    /// <param name="plane">The picture.</param>
    /// <param name="histogram">Of it.</param>
    public static bool IsFlat(Plane plane, ReadOnlySpan<int> histogram)
    {
        var (split, _, _) = Split(histogram);
        if (split < 0)
            return true;
        var isInkDark = IsInkDark(plane, histogram, split);
        return IsOneLevel(isInkDark ? histogram[(split + 1)..] : histogram[..(split + 1)], isInkDark);
    }

    /// <summary>The ink is what there is less of: in all, along the border, and in the corners.</summary>
    private static bool IsInkDark(Plane plane, ReadOnlySpan<int> histogram, int split) =>
        Count(histogram[..(split + 1)]) / (float)plane.Pixels.Length + DarkOnBorder(plane, split) + DarkInCorners(plane, split) < 1.5f;

    private static bool IsOneLevel(ReadOnlySpan<int> ground, bool isInkDark)
    {
        var level = 0;
        for (var other = 1; other < ground.Length; other++)
            level = ground[other] > ground[level] ? other : level;
        var beyond = isInkDark ? ground[Math.Min(ground.Length, level + LeastApart)..] : ground[..Math.Max(0, level - LeastApart)];
        return ground[level] >= OneLevelShare * Count(ground) && Count(beyond) <= BeyondShare * Count(ground);
    }

    /// <summary>Whether among what is ink there is a second level, much of it: what is little between ink and ground is the ink's edge.</summary>
    private static bool HidesShadow(ReadOnlySpan<int> ink, bool isInkDark) =>
        SecondLevel(ink) is { } second && 2 * Count(isInkDark ? ink[(second + 1)..] : ink[..(second + 1)]) >= Count(ink);

    /// <summary>Where the darker of two levels ends; null where there are no two.</summary>
    private static int? SecondLevel(ReadOnlySpan<int> levels) =>
        Split(levels) is { Separation: >= LeastSeparation, Apart: >= LeastApart } split ? split.Level : null;

    private static int Count(ReadOnlySpan<int> histogram)
    {
        var total = 0;
        foreach (var count in histogram)
            total += count;
        return total;
    }

    private static (int Level, double Separation, double Apart) Split(ReadOnlySpan<int> histogram)
    {
        double total = 0, sum = 0, squares = 0;
        for (var level = 0; level < histogram.Length; level++)
        {
            total += histogram[level];
            sum += (double)level * histogram[level];
            squares += (double)level * level * histogram[level];
        }
        var variance = squares / total - sum / total * (sum / total);
        var (best, most, apart) = (-1, 0.0, 0.0);
        double count = 0, below = 0;
        for (var level = 0; level < histogram.Length - 1; level++)
        {
            count += histogram[level];
            below += (double)level * histogram[level];
            if (count == 0 || count == total)
                continue;
            var distance = (sum - below) / (total - count) - below / count;
            var between = count / total * (1 - count / total) * distance * distance;
            if (between > most)
                (best, most, apart) = (level, between, distance);
        }
        return (best, most / Math.Max(variance, 1e-9), apart);
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
        long total = Count(histogram);
        var median = 0;
        for (long below = histogram[0]; below * 2 < total; below += histogram[median])
            median++;
        return median;
    }

    /// <summary>The side of the largest square that is all ink: up to the split where that is dark, beyond it where it is light.</summary>
    public static int LargestSquare(Plane plane, int split, bool isInkDark)
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
