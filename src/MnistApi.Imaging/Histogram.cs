namespace MnistApi.Imaging;

/// <summary>Questions to how often each of the 256 levels stands in a picture.</summary>
internal static class Histogram
{
    /// <summary>Adds a picture's levels.</summary>
    public static void Count(ReadOnlySpan<byte> pixels, Span<int> histogram)
    {
        foreach (var pixel in pixels)
            histogram[pixel]++;
    }

    /// <summary>The level in the middle of all from the one given on.</summary>
    public static int Median(ReadOnlySpan<int> histogram, int from = 0)
    {
        var total = 0;
        foreach (var count in histogram[from..])
            total += count;
        var median = from;
        for (var below = histogram[from]; below * 2 < total; below += histogram[median])
            median++;
        return median;
    }

    /// <summary>The highest level that more than so many pixels reach; 0 where none is.</summary>
    public static int LevelAbove(ReadOnlySpan<int> histogram, int pixels)
    {
        var level = histogram.Length - 1;
        for (var reached = histogram[level]; reached <= pixels && level > 0; reached += histogram[level])
            level--;
        return level;
    }

    /// <summary>The lowest level that more than so many pixels lie at or below; the highest where none is.</summary>
    public static int LevelBelow(ReadOnlySpan<int> histogram, int pixels)
    {
        var level = 0;
        for (var reached = histogram[0]; reached <= pixels && level < histogram.Length - 1; reached += histogram[level])
            level++;
        return level;
    }
}
