using System.Numerics;

namespace MnistApi.Imaging;

/// <summary>
/// Grey closing and opening with a square window (Serra 1982): dark things narrower than the window vanish from a closing, light ones from an
/// opening, and wider ones keep their edges. Beyond the picture is nothing.
/// </summary>
internal static class Closing
{
    /// <summary>The least of the greatest, a new plane.</summary>
    public static Plane Of(Plane plane, int reach)
    {
        using var most = MostOf(plane, reach);
        return LeastOf(most, reach);
    }

    /// <summary>The greatest of the least, a new plane.</summary>
    public static Plane OpeningOf(Plane plane, int reach)
    {
        using var least = LeastOf(plane, reach);
        return MostOf(least, reach);
    }

    /// <summary>The least within the window, a new plane.</summary>
    public static Plane LeastOf(Plane plane, int reach) => Within(plane, reach, isMost: false);

    /// <summary>The greatest within the window, a new plane.</summary>
    public static Plane MostOf(Plane plane, int reach) => Within(plane, reach, isMost: true);

    private static Plane Within(Plane plane, int reach, bool isMost)
    {
        using var wider = new Plane(plane.Width + 2 * reach, plane.Height + 2 * reach); // with what is never kept around it
        wider.Pixels.Fill(isMost ? byte.MinValue : byte.MaxValue);
        for (var y = 0; y < plane.Height; y++)
            plane.Row(y).CopyTo(wider.Row(y + reach)[reach..]);
        KeepAhead(wider.Pixels, 1, 2 * reach + 1, isMost); // at its rows' ends it takes in the next one's; nothing there is read
        KeepAhead(wider.Pixels, wider.Width, 2 * reach + 1, isMost);
        var result = new Plane(plane.Width, plane.Height);
        for (var y = 0; y < result.Height; y++)
            wider.Row(y)[..result.Width].CopyTo(result.Row(y));
        return result;
    }

    /// <summary>Keeps for each place the one that counts of so many, it and those so far apart ahead of it: of two, of four, and so on.</summary>
    private static void KeepAhead(Span<byte> pixels, int apart, int window, bool isMost)
    {
        var kept = 1;
        for (; 2 * kept <= window; kept *= 2)
            Keep(pixels, kept * apart, isMost);
        if (kept < window)
            Keep(pixels, (window - kept) * apart, isMost);
    }

    /// <summary>Of each and the one so far ahead the greater, or the less.</summary>
    private static void Keep(Span<byte> pixels, int ahead, bool isMost)
    {
        if (ahead >= pixels.Length)
            return;
        ReadOnlySpan<byte> others = pixels[ahead..];
        var x = 0;
        for (; x <= others.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Vector<byte> one = new(pixels[x..]), other = new(others[x..]);
            (isMost ? Vector.Max(one, other) : Vector.Min(one, other)).CopyTo(pixels[x..]);
        }
        for (; x < others.Length; x++)
            pixels[x] = isMost ? Math.Max(pixels[x], others[x]) : Math.Min(pixels[x], others[x]);
    }
}
