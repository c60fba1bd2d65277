namespace MnistApi.Imaging;

/// <summary>Cuts off a frame: the scanner's lid around a sheet, a border that a program drew.</summary>
internal static class Frame
{
    private const int LeastSide = 48; // smaller pictures are cut tight, ink at their edges is the digit's
    private const int Far = 60; // grey levels from the ground
    private const float DeepestShare = 0.15f; // of the picture's width or height
    private const float FullLine = 0.8f; // of a line at the very edge that is far from the ground
    private const float SomeLine = 0.1f; // of the lines within: a frame may lie aslant

    /// <summary>Pixels to leave out on each side.</summary>
    public readonly record struct Edges(int Left, int Top, int Right, int Bottom)
    {
        public bool IsNone => Left + Top + Right + Bottom == 0;
    }

    /// <summary>
    /// Finds lines along the edges that are far from what most of the picture is. One edge alone is not a frame: the bar of
    /// a 7 that was cut out tight looks like that.
    /// </summary>
    public static Edges Find(Plane plane)
    {
        if (Math.Min(plane.Width, plane.Height) < LeastSide)
            return default;
        var ground = MostlyLevel(plane);
        var left = Depth(plane, ground, x => (x, 0), (0, 1), plane.Width, plane.Height);
        var right = Depth(plane, ground, x => (plane.Width - 1 - x, 0), (0, 1), plane.Width, plane.Height);
        var top = Depth(plane, ground, y => (0, y), (1, 0), plane.Height, plane.Width);
        var bottom = Depth(plane, ground, y => (0, plane.Height - 1 - y), (1, 0), plane.Height, plane.Width);
        var edges = (left > 0 ? 1 : 0) + (right > 0 ? 1 : 0) + (top > 0 ? 1 : 0) + (bottom > 0 ? 1 : 0);
        return edges < 2 ? default : new Edges(left, top, right, bottom);
    }

    /// <summary>The picture without its edges, in place of the one given.</summary>
    public static Plane Cut(Plane plane, Edges edges)
    {
        var inner = new Plane(plane.Width - edges.Left - edges.Right, plane.Height - edges.Top - edges.Bottom);
        for (var y = 0; y < inner.Height; y++)
            plane.Row(edges.Top + y).Slice(edges.Left, inner.Width).CopyTo(inner.Row(y));
        return inner;
    }

    private static int MostlyLevel(Plane plane)
    {
        const int Samples = 4096;
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        var pixels = plane.Pixels;
        var step = Math.Max(1, pixels.Length / Samples) | 1; // odd, so that it does not stay in one column
        var total = 0;
        for (var i = 0; i < pixels.Length; i += step, total++)
            histogram[pixels[i]]++;
        var median = 0;
        for (var below = histogram[0]; below * 2 < total; below += histogram[median])
            median++;
        return median;
    }

    private static int Depth(Plane plane, int ground, Func<int, (int X, int Y)> lineStart, (int X, int Y) step, int lines, int length)
    {
        var deepest = (int)(lines * DeepestShare);
        var depth = 0;
        for (; depth < deepest; depth++)
        {
            var (x, y) = lineStart(depth);
            var far = 0;
            for (var i = 0; i < length; i++)
            {
                if (Math.Abs(plane.Row(y + i * step.Y)[x + i * step.X] - ground) > Far)
                    far++;
            }
            if (far < length * (depth == 0 ? FullLine : SomeLine))
                break;
        }
        return depth;
    }
}
