using System.Numerics;

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

    /// <summary>The least within the window, a new plane.</summary>
    public static Plane LeastOf(Plane plane, int reach) => Once(plane, reach, isMost: false);

    /// <summary>The greatest within the window, a new plane.</summary>
    public static Plane MostOf(Plane plane, int reach) => Once(plane, reach, isMost: true);

    private static Plane Once(Plane plane, int reach, bool isMost)
    {
        var result = new Plane(plane.Width, plane.Height);
        using var across = new Plane(plane.Width, plane.Height);
        Across(plane, across, reach, isMost);
        Down(across, result, reach, isMost);
        return result;
    }

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
            from.CopyTo(to);
            for (var shift = 1; shift <= Math.Min(reach, from.Length - 1); shift++)
            {
                Keep(to[..^shift], from[shift..], isMost);
                Keep(to[shift..], from[..^shift], isMost);
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
                Keep(to, source.Row(other), isMost);
        }
    }

    /// <summary>Of each pair the greater, or the less.</summary>
    private static void Keep(Span<byte> kept, ReadOnlySpan<byte> others, bool isMost)
    {
        var x = 0;
        for (; x <= kept.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Vector<byte> one = new(kept[x..]), other = new(others[x..]);
            (isMost ? Vector.Max(one, other) : Vector.Min(one, other)).CopyTo(kept[x..]);
        }
        for (; x < kept.Length; x++)
            kept[x] = isMost ? Math.Max(kept[x], others[x]) : Math.Min(kept[x], others[x]);
    }
}
