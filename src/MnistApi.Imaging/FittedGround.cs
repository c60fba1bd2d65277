using System.Numerics;

namespace MnistApi.Imaging;

/// <summary>
/// A ground fitted to uneven light, on the picture averaged over small cells: the greatest level within a window and of
/// these the least within the same window (a closing, for dark ink). Strokes are narrower than the window and vanish; gradients and the edges
/// of shadows stay where they are. What it lies too high by, through the paper's grain, is taken off.
/// </summary>
internal static class FittedGround
{
    private const int Reach = 13; // cells on each side: a window of a fifth of the picture
    private const int Most = byte.MaxValue; // that anything lies on either side of the ground

    /// <summary>Turns the plane into ink; returns whether that is lighter than the ground, which on a sheet it hardly is.</summary>
    public static bool Remove(Plane plane, bool isSheet, Span<int> above, Span<int> below)
    {
        var cell = Cells.SideFor(plane);
        using var means = Cells.MeansOf(plane, cell);
        var isLight = Polarity.IsNarrowLight(means, isSheet);
        if (isLight)
            means.Invert();
        using var wide = Continuation.ClosingOf(means, Reach);
        LowerToMeans(wide, means);
        using var narrow = PenGround.Of(means, wide, isPhotograph: true);
        if (narrow is { } besidePen)
            LowerToMeans(besidePen, means);
        Remove(plane, narrow ?? wide, cell, isLight, above, below);
        return isLight;
    }

    /// <summary>The same for a picture that stands on one level, where there is something besides strokes; otherwise it stays as it is, and false is returned.</summary>
    public static bool RemoveBesidePen(Plane plane, int level, bool isLight, Span<int> above, Span<int> below)
    {
        var cell = Cells.SideFor(plane);
        using var means = Cells.MeansOf(plane, cell);
        if (isLight)
            means.Invert();
        using var wide = new Plane(means.Width, means.Height);
        wide.Pixels.Fill((byte)(isLight ? byte.MaxValue - level : level));
        using var narrow = PenGround.Of(means, wide, isPhotograph: false);
        if (narrow is not { } besidePen)
            return false;
        LowerToMeans(besidePen, means);
        Remove(plane, besidePen, cell, isLight, above, below);
        return true;
    }

    private static void Remove(Plane plane, Plane ground, int cell, bool isLight, Span<int> above, Span<int> below)
    {
        using var least = Closing.LeastOf(ground, reach: 1);
        using var most = Closing.MostOf(ground, reach: 1);
        if (isLight)
        {
            least.Invert();
            most.Invert();
        }
        Subtract(plane, least, most, cell, isLight, above, below);
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
        using var near = new GroundSurface(toInk, cell, plane.Width);
        using var far = new GroundSurface(fromInk, cell, plane.Width);
        Span<float> levels = stackalloc float[plane.Width];
        Span<int> rises = stackalloc int[plane.Width];
        Span<int> histogram = stackalloc int[2 * Most + 1];
        histogram.Clear();
        for (var y = 0; y < plane.Height; y++)
        {
            var pixels = plane.Row(y);
            for (var x = 0; x < pixels.Length; x++)
                levels[x] = pixels[x];
            Rise(levels, near.Row(y), far.Row(y), isLight, rises);
            for (var x = 0; x < pixels.Length; x++)
            {
                var rise = rises[x];
                histogram[Most + rise]++;
                pixels[x] = (byte)Math.Max(rise, 0);
            }
        }
        for (var rise = 0; rise <= Most; rise++)
        {
            above[rise] += histogram[Most + rise];
            below[rise] += rise == 0 ? 0 : histogram[Most - rise];
        }
    }

    /// <summary>How far each level lies on the ink's side of the near ground, or else, below 0, on the other side of the far one: 255 at most.</summary>
    private static void Rise(ReadOnlySpan<float> levels, ReadOnlySpan<float> near, ReadOnlySpan<float> far, bool isLight, Span<int> rises)
    {
        var most = new Vector<float>(Most);
        var x = 0;
        for (; x <= rises.Length - Vector<float>.Count; x += Vector<float>.Count)
        {
            Vector<float> level = new(levels[x..]), ground = new(near[x..]), other = new(far[x..]);
            var rise = isLight ? level - ground : (ground - level) * Most / Vector.Max(ground, Vector<float>.One);
            var fall = isLight ? other - level : (level - other) * Most / Vector.Max(other, Vector<float>.One);
            var isRise = Vector.GreaterThan(rise, -Vector<float>.One); // 0 once it is cut off
            Vector.ConvertToInt32(Vector.ConditionalSelect(isRise, Vector.Min(rise, most), -Vector.Min(Vector.Max(fall, Vector<float>.Zero), most))).CopyTo(rises[x..]);
        }
        for (; x < rises.Length; x++)
        {
            var rise = isLight ? levels[x] - near[x] : (near[x] - levels[x]) * Most / Math.Max(near[x], 1);
            var fall = isLight ? far[x] - levels[x] : (levels[x] - far[x]) * Most / Math.Max(far[x], 1);
            rises[x] = (int)(rise > -1 ? Math.Min(rise, Most) : -Math.Clamp(fall, 0, Most));
        }
    }
}
