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

    /// <param name="rises">How many pixels rise so far from the background, from -255 to 255.</param>
    /// <exception cref="PictureException">Nothing stands out.</exception>
    public static InkLevels Of(ReadOnlySpan<int> rises)
    {
        const int Level = byte.MaxValue; // where those stand that do not rise
        var total = TensorPrimitives.Sum(rises);
        var grain = Math.Max(0, Level - OfRank(rises, (int)(total * GrainShare)));
        var peak = OfRank(rises, total - 1 - total / PixelsAPeak) - Level;
        if (peak < MinContrast)
            peak = OfRank(rises, total - 1 - Math.Min(total / PixelsAPeak, FewPixels)) - Level;
        if (peak < MinContrast)
        {
            throw new PictureException(PictureError.NoInk, "the picture is blank: "
                + $"expected ink at least {MinContrast} of 255 grey levels from the background, got {Math.Max(0, peak)}");
        }
        var inked = rises[(Level + peak / 2)..];
        var median = peak / 2 + OfRank(inked, (TensorPrimitives.Sum(inked) - 1) / 2);
        var full = grain == 0 ? peak : Math.Max(median, (int)(MinOfPeak * peak)); // in a clean drawing every level counts
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

    /// <summary>The lowest level that more than so many pixels lie at or below, else the highest; told how many have each.</summary>
    public static int OfRank(ReadOnlySpan<int> counts, int rank)
    {
        var level = 0;
        for (var reached = counts[0]; reached <= rank && level < counts.Length - 1; reached += counts[level])
            level++;
        return level;
    }
}
