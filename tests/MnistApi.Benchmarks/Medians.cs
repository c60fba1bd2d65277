namespace MnistApi.Benchmarks;

internal static class Medians
{
    /// <summary>The middle value; the upper one of two.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
