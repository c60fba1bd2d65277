namespace MnistApi.Imaging;

/// <summary>
/// Grey closing and opening with a square window (Serra 1982): dark things narrower than the window vanish from a closing, light ones from an
/// opening, and wider ones keep their edges. Beyond the picture is nothing.
/// </summary>
internal static class Closing
{
    /// <summary>The least of the greatest, a new plane.</summary>
    public static Plane Of(Plane plane, int reach) => Twice(plane, reach, mostFirst: true);

    /// <summary>The greatest of the least, a new plane.</summary>
    public static Plane OpeningOf(Plane plane, int reach) => Twice(plane, reach, mostFirst: false);

    private static Plane Twice(Plane plane, int reach, bool mostFirst)
    {
        var result = new Plane(plane.Width, plane.Height);
        using var across = new Plane(plane.Width, plane.Height);
        Across(plane, across, reach, mostFirst);
        Down(across, result, reach, mostFirst);
        Across(result, across, reach, !mostFirst);
        Down(across, result, reach, !mostFirst);
        return result;
    }

    private static void Across(Plane source, Plane target, int reach, bool isMost)
    {
        for (var y = 0; y < source.Height; y++)
        {
            var from = source.Row(y);
            var to = target.Row(y);
            for (var x = 0; x < to.Length; x++)
            {
                var found = from[x];
                foreach (var other in from[Math.Max(0, x - reach)..Math.Min(to.Length, x + reach + 1)])
                    found = isMost ? Math.Max(found, other) : Math.Min(found, other);
                to[x] = found;
            }
        }
    }

    private static void Down(Plane source, Plane target, int reach, bool isMost)
    {
        for (var y = 0; y < source.Height; y++)
        {
            var to = target.Row(y);
            source.Row(y).CopyTo(to);
            for (var other = Math.Max(0, y - reach); other < Math.Min(source.Height, y + reach + 1); other++)
            {
                var from = source.Row(other);
                for (var x = 0; x < to.Length; x++)
                    to[x] = isMost ? Math.Max(to[x], from[x]) : Math.Min(to[x], from[x]);
            }
        }
    }
}
