namespace MnistApi.Imaging;

/// <summary>The levels along a picture's four edges: what the ink stands on shows there.</summary>
/// <param name="Median">The level in the middle.</param>
/// <param name="Uniform">The share of the border within a few levels of the median.</param>
internal readonly record struct Border(int Median, float Uniform)
{
    private const int FewLevels = 8;

    public static Border Of(Plane plane, int channel = 0, int channels = 1)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        Count(plane.Row(0), channel, channels, histogram);
        Count(plane.Row(plane.Height - 1), channel, channels, histogram);
        for (var y = 0; y < plane.Height; y++)
        {
            var row = plane.Row(y);
            histogram[row[channel]]++;
            histogram[row[^(channels - channel)]]++;
        }
        var total = 2 * (plane.Width / channels + plane.Height);
        var median = 0;
        for (var below = histogram[0]; below * 2 < total; below += histogram[median])
            median++;
        var near = 0;
        for (var level = Math.Max(0, median - FewLevels); level <= Math.Min(255, median + FewLevels); level++)
            near += histogram[level];
        return new Border(median, near / (float)total);
    }

    private static void Count(ReadOnlySpan<byte> row, int channel, int channels, Span<int> histogram)
    {
        for (var x = channel; x < row.Length; x += channels)
            histogram[row[x]]++;
    }
}
