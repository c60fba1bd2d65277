namespace MnistApi.Imaging;

/// <summary>How far ink rises from its background, and how far the background does by itself.</summary>
/// <param name="Grain">So far the background's grain goes, told by the side on which there is no ink.</param>
/// <param name="Full">The level of plain ink.</param>
internal readonly record struct InkLevels(int Grain, int Full)
{
    public const int MinContrast = 24; // between ink and background: a scan of white paper has less
    private const float GrainShare = 0.01f; // of all pixels, that may lie beyond the grain on the side without ink
    private const float MinOfPeak = 0.7f; // of the peak, for plain ink: there may be much that is fainter than the pen
    private const int PixelsAPeak = 2000; // one pixel of so many must reach what counts as the ink's peak
    private const int FewPixels = 12; // that must where that is no ink: a small digit on a large page has no more

    /// <param name="above">How many pixels rise so far from the background on the ink's side.</param>
    /// <param name="below">How many on the other.</param>
    /// <exception cref="PictureException">Nothing stands out.</exception>
    public static InkLevels Of(ReadOnlySpan<int> above, ReadOnlySpan<int> below)
    {
        var total = 0;
        for (var level = 0; level < 256; level++)
            total += above[level] + below[level];
        var grain = Histogram.LevelAbove(below, (int)(total * GrainShare));
        var peak = Histogram.LevelAbove(above, total / PixelsAPeak);
        if (peak < MinContrast)
            peak = Histogram.LevelAbove(above, Math.Min(total / PixelsAPeak, FewPixels));
        if (peak < MinContrast)
        {
            throw new PictureException(PictureError.NoInk,
                $"the picture is blank: expected ink at least {MinContrast} of 255 grey levels from the background, got {peak}");
        }
        // in a clean drawing every level counts
        var full = grain == 0 ? peak : Math.Max(Histogram.Median(above, peak / 2), (int)(MinOfPeak * peak));
        if (full <= 2 * grain)
        {
            throw new PictureException(PictureError.NoInk, "the picture is noise: expected ink that stands out from the background, "
                + $"got {full} of 255 grey levels where the background itself goes {grain} in the other direction");
        }
        return new InkLevels(grain, full);
    }

    /// <summary>Nothing up to the grain, 255 from plain ink on, what lies between in proportion; says whether there was grain.</summary>
    public static bool Stretch(Page page)
    {
        var (grain, full) = page.Levels;
        Span<byte> stretched = stackalloc byte[256];
        for (var level = 0; level < 256; level++)
            stretched[level] = (byte)Math.Clamp(((level - grain) * 255 + (full - grain) / 2) / (full - grain), 0, 255);
        foreach (ref var pixel in page.Plane.Pixels)
            pixel = stretched[pixel];
        return grain > 0;
    }
}
