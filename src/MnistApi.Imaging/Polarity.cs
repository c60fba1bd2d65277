namespace MnistApi.Imaging;

/// <summary>Whether ink is lighter than its ground, or darker.</summary>
internal static class Polarity
{
    private const int MidGrey = 80;
    private const int Prior = 2; // paper is likelier than light ink on grey

    /// <summary>Which side of one level goes further from it: by the third power, so that little ink outweighs much grain.</summary>
    /// <param name="histogram">Of the picture.</param>
    /// <param name="ground">The level.</param>
    public static bool IsInkLight(ReadOnlySpan<int> histogram, int ground)
    {
        double balance = 0;
        for (var level = 0; level < 256; level++)
            balance += histogram[level] * Math.Pow(level - ground, 3);
        return balance > 0;
    }

    /// <summary>The same for a ground of no one level, see <see cref="IsNarrowLight(Plane, bool)"/>.</summary>
    public static bool IsNarrowLight(Plane plane)
    {
        using var means = Cells.MeansOf(plane, Cells.SideFor(plane));
        return IsNarrowLight(means, isSheet: false);
    }

    /// <summary>
    /// Whether light things that are narrow outweigh dark ones, as shares of the light around them: by the third power, in windows of several sizes,
    /// the smallest first, as the ground within a loop is narrow only in the larger ones.
    /// </summary>
    /// <param name="means">The picture averaged over cells.</param>
    /// <param name="isSheet">Whether it is of a sheet on something darker, on which ink is hardly light.</param>
    public static bool IsNarrowLight(Plane means, bool isSheet)
    {
        using var coarser = Cells.MeansOf(means, 2);
        double light = 0, dark = 0;
        foreach (var (reach, weight) in (ReadOnlySpan<(int, int)>)[(1, 8), (2, 4), (4, 1)])
        {
            using var closed = Closing.Of(coarser, reach);
            using var opened = Closing.OpeningOf(coarser, reach);
            for (var i = 0; i < coarser.Pixels.Length; i++)
            {
                dark += weight * Cube(Share(closed.Pixels[i], coarser.Pixels[i]));
                light += weight * Cube(Share(coarser.Pixels[i], opened.Pixels[i]));
            }
        }
        return isSheet || Border.Of(coarser).Median >= MidGrey ? light > Prior * dark : light > dark;
    }

    private static int Share(int higher, int lower) => (higher - lower) * 255 / Math.Max(higher, 1);

    private static int Cube(int level) => level * level * level;
}
