namespace MnistApi.Imaging;

/// <summary>How far ink rises from its ground, and how far the ground does by itself.</summary>
/// <param name="Grain">So far the ground's grain goes, told by the side on which there is no ink.</param>
/// <param name="Full">The level of plain ink.</param>
internal readonly record struct InkLevels(int Grain, int Full)
{
    /// <summary>Less contrast than this between ink and ground is no ink: a scan of white paper has some.</summary>
    public const int LeastContrast = 24;

    private const float GrainShare = 0.01f; // of all pixels, that may lie beyond the grain on the side without ink
    private const float LeastOfPeak = 0.7f; // of the peak, for plain ink: there may be much that is fainter than the pen
    private const int PixelsAPeak = 2000; // one pixel of so many must reach what counts as the ink's peak
    private const int FewPixels = 12; // that must where that is no ink: a small digit on a large page has no more

    /// <param name="above">How many pixels rise so far from the ground on the ink's side.</param>
    /// <param name="below">How many on the other.</param>
    /// <exception cref="PictureException">Nothing stands out.</exception>
    public static InkLevels Of(ReadOnlySpan<int> above, ReadOnlySpan<int> below)
    {
        var total = 0;
        for (var level = 0; level < 256; level++)
            total += above[level] + below[level];
        var grain = LevelAbove(below, (int)(total * GrainShare));
        var peak = LevelAbove(above, total / PixelsAPeak);
        if (peak < LeastContrast)
            peak = LevelAbove(above, Math.Min(total / PixelsAPeak, FewPixels));
        if (peak < LeastContrast)
        {
            throw new PictureException(PictureError.NoInk,
                $"the picture is blank: expected ink that differs from the ground by at least {LeastContrast} of 255 grey levels, got {peak}");
        }
        var full = grain == 0 ? peak : Math.Max(MedianAbove(above, peak / 2), (int)(LeastOfPeak * peak)); // of a clean drawing every level counts
        if (full <= 2 * grain)
            throw new PictureException(PictureError.NoInk, $"the picture is noise: expected ink that stands out from the ground, got {full} of 255 grey levels where the ground itself goes {grain} in the other direction");
        return new InkLevels(grain, full);
    }

    /// <summary>Nothing up to the grain, 255 from plain ink on, what lies between in proportion.</summary>
    public void Stretch(Plane plane, ref Steps steps)
    {
        if (Grain > 0)
            steps |= Steps.GrainRemoved;
        Span<byte> stretched = stackalloc byte[256];
        for (var level = 0; level < 256; level++)
            stretched[level] = (byte)Math.Clamp(((level - Grain) * 255 + (Full - Grain) / 2) / (Full - Grain), 0, 255);
        foreach (ref var pixel in plane.Pixels)
            pixel = stretched[pixel];
    }

    /// <summary>The highest level that more than so many pixels reach; 0 where none is.</summary>
    public static int LevelAbove(ReadOnlySpan<int> histogram, int pixels)
    {
        var level = 255;
        for (var reached = histogram[255]; reached <= pixels && level > 0; reached += histogram[level])
            level--;
        return level;
    }

    private static int MedianAbove(ReadOnlySpan<int> histogram, int least)
    {
        var total = 0;
        for (var level = least; level < 256; level++)
            total += histogram[level];
        var median = least;
        for (var below = histogram[least]; below * 2 < total; below += histogram[median])
            median++;
        return median;
    }
}
