namespace MnistApi.Imaging;

/// <summary>What the ink stands on, told by the picture's border, and how far the picture goes from it in both directions.</summary>
/// <param name="Level">The border's median grey level.</param>
/// <param name="Darker">Grey levels from the ground to the darkest pixel.</param>
/// <param name="Lighter">Grey levels from the ground to the lightest pixel.</param>
internal readonly record struct Ground(int Level, int Darker, int Lighter)
{
    /// <summary>Less contrast than this between ink and ground is no ink: a scan of white paper has some.</summary>
    public const int LeastContrast = 24;

    /// <summary>Whether the ink is lighter than the ground.</summary>
    public bool IsLightInk => Lighter > Darker;

    /// <summary>Grey levels between the ground and full ink.</summary>
    public int Contrast => Math.Max(Darker, Lighter);

    /// <summary>Light ink on a ground as dark as MNIST's.</summary>
    public bool IsLikeMnist => IsLightInk && Level < LeastContrast && Contrast >= LeastContrast;

    public static Ground Of(Plane plane)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        foreach (var pixel in plane.Row(0))
            histogram[pixel]++;
        foreach (var pixel in plane.Row(plane.Height - 1))
            histogram[pixel]++;
        for (var y = 0; y < plane.Height; y++)
        {
            histogram[plane.Row(y)[0]]++;
            histogram[plane.Row(y)[^1]]++;
        }
        var level = Median(histogram, 2 * (plane.Width + plane.Height));
        byte darkest = 255, lightest = 0;
        foreach (var pixel in plane.Pixels)
        {
            darkest = Math.Min(darkest, pixel);
            lightest = Math.Max(lightest, pixel);
        }
        return new Ground(level, Math.Max(0, level - darkest), Math.Max(0, lightest - level));
    }

    private static int Median(ReadOnlySpan<int> histogram, int total)
    {
        var level = 0;
        for (var below = histogram[0]; below * 2 < total; below += histogram[level])
            level++;
        return level;
    }
}
