namespace MnistApi.Imaging;

/// <summary>
/// Grey morphology with a square window (Serra 1982): dark things narrower than the window vanish from a closing, light ones from an
/// opening, and wider ones keep their edges. Beyond the picture is nothing.
/// </summary>
internal static class Morphology
{
    private delegate void Extreme(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, Span<byte> result);

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
    public static Plane Erode(Plane plane, int reach) => Within(plane, reach, byte.MaxValue, TensorPrimitives.Min);

    /// <summary>The maximum within the window, a new plane.</summary>
    public static Plane Dilate(Plane plane, int reach) => Within(plane, reach, byte.MinValue, TensorPrimitives.Max);

    /// <summary>Each pixel's extreme with those ahead of it, of two, of four, and so on: along the rows, then the columns.</summary>
    private static Plane Within(Plane plane, int reach, byte beyond, Extreme extreme)
    {
        using Plane one = plane.Part(Box.Of(plane).Widened(reach), beyond), other = new(one.Width, one.Height);
        var (from, to) = (one, other);
        var window = 2 * reach + 1;
        foreach (var apart in (ReadOnlySpan<int>)[1, one.Width]) // at its end a row takes in the next one's begin; nothing there is read
        {
            for (var covered = 1; covered < window; covered *= 2)
            {
                var ahead = Math.Min(covered, window - covered) * apart;
                extreme(from.Pixels[..^ahead], from.Pixels[ahead..], to.Pixels);
                (from, to) = (to, from);
            }
        }
        return from.Part(Box.Of(plane));
    }
}
