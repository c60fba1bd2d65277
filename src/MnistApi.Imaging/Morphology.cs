using System.Numerics;

namespace MnistApi.Imaging;

/// <summary>
/// Grey morphology with a square window (Serra 1982): dark things narrower than the window vanish from a closing, light ones from an
/// opening, and wider ones keep their edges. Beyond the picture is nothing.
/// </summary>
internal static class Morphology
{
    /// <summary>The minimum of the maxima, a new plane.</summary>
    public static Plane Close(Plane plane, int reach)
    {
        using var dilated = Dilate(plane, reach);
        return Erode(dilated, reach);
    }

    /// <summary>The maximum of the minima, a new plane.</summary>
    public static Plane Open(Plane plane, int reach)
    {
        using var eroded = Erode(plane, reach);
        return Dilate(eroded, reach);
    }

    /// <summary>The minimum within the window, a new plane.</summary>
    public static Plane Erode(Plane plane, int reach) => Within(plane, reach, isMax: false);

    /// <summary>The maximum within the window, a new plane.</summary>
    public static Plane Dilate(Plane plane, int reach) => Within(plane, reach, isMax: true);

    private static Plane Within(Plane plane, int reach, bool isMax)
    {
        using var wider = new Plane(plane.Width + 2 * reach, plane.Height + 2 * reach); // with what is never kept around it
        wider.Pixels.Fill(isMax ? byte.MinValue : byte.MaxValue);
        for (var y = 0; y < plane.Height; y++)
            plane.Row(y).CopyTo(wider.Row(y + reach)[reach..]);
        KeepAhead(wider.Pixels, 1, 2 * reach + 1, isMax); // at its rows' ends it takes in the next one's; nothing there is read
        KeepAhead(wider.Pixels, wider.Width, 2 * reach + 1, isMax);
        var result = new Plane(plane.Width, plane.Height);
        for (var y = 0; y < result.Height; y++)
            wider.Row(y)[..result.Width].CopyTo(result.Row(y));
        return result;
    }

    /// <summary>Keeps for each place the extreme of so many, it and those so far apart ahead of it: of two, of four, and so on.</summary>
    private static void KeepAhead(Span<byte> pixels, int apart, int window, bool isMax)
    {
        var kept = 1;
        for (; 2 * kept <= window; kept *= 2)
            Keep(pixels, kept * apart, isMax);
        if (kept < window)
            Keep(pixels, (window - kept) * apart, isMax);
    }

    /// <summary>Of each and the one so far ahead the greater, or the less.</summary>
    private static void Keep(Span<byte> pixels, int ahead, bool isMax)
    {
        if (ahead >= pixels.Length)
            return;
        ReadOnlySpan<byte> others = pixels[ahead..];
        var x = 0;
        for (; x <= others.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Vector<byte> one = new(pixels[x..]), other = new(others[x..]);
            (isMax ? Vector.Max(one, other) : Vector.Min(one, other)).CopyTo(pixels[x..]);
        }
        for (; x < others.Length; x++)
            pixels[x] = isMax ? Math.Max(pixels[x], others[x]) : Math.Min(pixels[x], others[x]);
    }
}
