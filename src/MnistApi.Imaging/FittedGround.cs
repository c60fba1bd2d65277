namespace MnistApi.Imaging;

/// <summary>
/// A ground fitted to uneven light, on the picture averaged over small cells: the greatest level within a window and of
/// these the least within the same window (a closing, for dark ink). Strokes are narrower than the window and vanish; gradients and the edges
/// of shadows stay where they are. What it lies too high by, through the paper's grain, is taken off.
/// </summary>
internal static class FittedGround
{
    private const int Reach = 13; // cells on each side: a window of a fifth of the picture
    private const int MidGrey = 80;
    private const int Prior = 4;

    /// <summary>Turns the plane into ink; returns whether that is lighter than the ground, which on a sheet it hardly is.</summary>
    public static bool Remove(Plane plane, bool isSheet, Span<int> above, Span<int> below)
    {
        var cell = Cells.SideFor(plane);
        using var means = Cells.MeansOf(plane, cell);
        var isLight = IsInkLight(means, isSheet);
        if (isLight)
            Invert(means);
        using var ground = Closed(means);
        LowerToMeans(ground, means);
        using var least = Closing.LeastOf(ground, reach: 1);
        using var most = Closing.MostOf(ground, reach: 1);
        if (isLight)
        {
            Invert(least);
            Invert(most);
        }
        Subtract(plane, least, most, cell, isLight, above, below);
        return isLight;
    }

    /// <summary>
    /// Whether light things that are narrow outweigh dark ones: by the third power of how far they stand out, so that little ink outweighs much
    /// grain, in windows of several sizes, the smallest first, as the ground within a loop is narrow only in the larger ones.
    /// </summary>
    private static bool IsInkLight(Plane means, bool isSheet)
    {
        using var coarser = Cells.MeansOf(means, 2);
        double light = 0, dark = 0;
        foreach (var (reach, weight) in (ReadOnlySpan<(int, int)>)[(1, 8), (2, 4), (4, 1)])
        {
            using var closed = Closing.Of(coarser, reach);
            using var opened = Closing.OpeningOf(coarser, reach);
            for (var i = 0; i < coarser.Pixels.Length; i++)
            {
                dark += weight * Cube(closed.Pixels[i] - coarser.Pixels[i]);
                light += weight * Cube(coarser.Pixels[i] - opened.Pixels[i]);
            }
        }
        return isSheet || Border.Of(coarser).Median >= MidGrey ? light > Prior * dark : light > dark; // paper is likelier than light ink on grey
    }

    private static int Cube(int level) => level * level * level;

    private static void Invert(Plane plane)
    {
        foreach (ref var pixel in plane.Pixels)
            pixel = (byte)(255 - pixel);
    }

    /// <summary>The closing of the cells with their continuation around them, so that a gradient does not end at the picture's edge.</summary>
    private static Plane Closed(Plane means)
    {
        using var wider = Continuation.Of(means, Reach);
        using var closed = Closing.Of(wider, Reach);
        var ground = new Plane(means.Width, means.Height);
        for (var y = 0; y < ground.Height; y++)
            closed.Row(y + Reach).Slice(Reach, ground.Width).CopyTo(ground.Row(y));
        return ground;
    }

    /// <summary>Takes off what the grain's peaks added: the median by which the ground lies above the cells.</summary>
    private static void LowerToMeans(Plane ground, Plane means)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        for (var i = 0; i < means.Pixels.Length; i++)
            histogram[Math.Max(0, ground.Pixels[i] - means.Pixels[i])]++;
        var median = 0;
        for (var below = histogram[0]; below * 2 < means.Pixels.Length; below += histogram[median])
            median++;
        foreach (ref var level in ground.Pixels)
            level = (byte)Math.Max(0, level - median);
    }

    /// <summary>
    /// Each pixel's distance from the ground between the cells' middles: for dark ink as a share of the ground's light, which shadows leave as it is.
    /// Whatever lies between the least and the most that the ground has nearby is ground: at a shadow's edge it is both.
    /// </summary>
    private static void Subtract(Plane plane, Plane toInk, Plane fromInk, int cell, bool isLight, Span<int> above, Span<int> below)
    {
        Span<float> near = stackalloc float[toInk.Width + 1]; // of one row of pixels, at the middles of the cells; the last once more
        Span<float> far = stackalloc float[toInk.Width + 1];
        Span<int> cells = stackalloc int[plane.Width];
        Span<float> shares = stackalloc float[plane.Width];
        for (var x = 0; x < plane.Width; x++)
            (cells[x], _, shares[x]) = Between(x, cell, toInk.Width);
        for (var y = 0; y < plane.Height; y++)
        {
            var (top, bottom, down) = Between(y, cell, toInk.Height);
            Mix(toInk.Row(top), toInk.Row(bottom), down, near);
            Mix(fromInk.Row(top), fromInk.Row(bottom), down, far);
            var pixels = plane.Row(y);
            for (var x = 0; x < pixels.Length; x++)
            {
                var level = near[cells[x]] + shares[x] * (near[cells[x] + 1] - near[cells[x]]);
                var rise = (int)(isLight ? pixels[x] - level : (level - pixels[x]) * 255 / Math.Max(level, 1));
                if (rise >= 0)
                {
                    above[Math.Min(rise, 255)]++;
                }
                else
                {
                    var other = far[cells[x]] + shares[x] * (far[cells[x] + 1] - far[cells[x]]);
                    var fall = (int)(isLight ? other - pixels[x] : (pixels[x] - other) * 255 / Math.Max(other, 1));
                    below[Math.Clamp(fall, 0, 255)]++;
                }
                pixels[x] = (byte)Math.Clamp(rise, 0, 255);
            }
        }
    }

    private static void Mix(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, float down, Span<float> levels)
    {
        for (var column = 0; column < upper.Length; column++)
            levels[column] = upper[column] + down * (lower[column] - upper[column]);
        levels[^1] = levels[^2];
    }

    /// <summary>The two cells whose middles a pixel lies between, and how far from the first.</summary>
    private static (int First, int Second, float Share) Between(int pixel, int cell, int cells)
    {
        var at = Math.Clamp((pixel + 0.5f) / cell - 0.5f, 0, cells - 1);
        var first = (int)at;
        return (first, Math.Min(first + 1, cells - 1), at - first);
    }
}
