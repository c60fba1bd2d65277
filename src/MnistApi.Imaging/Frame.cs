namespace MnistApi.Imaging;

/// <summary>Cuts off a frame: the scanner's lid around a sheet, a border that a program drew.</summary>
internal static class Frame
{
    private const int LeastSide = 48; // smaller pictures are cut tight, ink at their edges is the digit's
    private const int Far = 60; // grey levels from the ground
    private const float DeepestShare = 0.15f; // of the picture's width or height
    private const float DeepestBar = 0.35f; // the same, for a black bar that a program added
    private const int Black = 16; // a shadow is not so dark
    private const float HalfLine = 0.5f; // of a line at the very edge that is far from the ground
    private const float FullLine = 0.8f;
    private const float SomeLine = 0.1f; // of the lines within: a frame may lie aslant
    private const int Soft = 2; // lines at most of its edge that are neither frame nor ground
    private const int SoftFar = 12; // grey levels from the ground, for those
    private const float ClearLine = 0.02f; // of a line between frame and digit

    /// <summary>Pixels to leave out on each side.</summary>
    public readonly record struct Edges(int Left, int Top, int Right, int Bottom)
    {
        public bool IsNone => Left + Top + Right + Bottom == 0;
    }

    /// <summary>
    /// Finds lines along the edges that are far from what most of the picture is, with clear ground behind them; or without it, where
    /// two edges have them, also deep black bars: one alone could be the bar of a 7 that was cut out tight.
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
        ReadOnlySpan<(int Depth, bool IsClear)> all = [left, right, top, bottom];
        var edges = 0;
        foreach (var edge in all)
            edges += edge.Depth > 0 ? 1 : 0;
        return new Edges(DepthOf(left), DepthOf(top), DepthOf(right), DepthOf(bottom));

        int DepthOf((int Depth, bool IsClear) edge) => edge.IsClear || edges > 1 ? edge.Depth : 0;
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

    private static (int Depth, bool IsClear) Depth(Plane plane, int ground, Func<int, (int X, int Y)> lineStart, (int X, int Y) step, int lines, int length)
    {
        var deepest = (int)(lines * DeepestShare);
        var beside = (int)(length * DeepestShare); // where the frame's other sides may lie
        var bar = BarLines();
        if (bar > deepest && ShareFar(bar + SoftLines(bar), Far) < ClearLine)
            return (bar + SoftLines(bar), false);
        var (depth, isFull) = (0, false);
        for (var line = 0; line < deepest; line++)
        {
            var (x, y) = lineStart(line);
            int far = 0, farWithin = 0;
            for (var i = 0; i < length; i++)
            {
                if (Math.Abs(plane.Row(y + i * step.Y)[x + i * step.X] - ground) <= Far)
                    continue;
                far++;
                farWithin += i >= beside && i < length - beside ? 1 : 0;
            }
            var share = far / (float)length;
            if (line == 0 && share < HalfLine)
                return (0, false);
            isFull |= share >= FullLine;
            if (share < ClearLine)
                return (line + SoftLines(line), true);
            depth = farWithin >= SomeLine * (length - 2 * beside) && depth == line ? line + 1 : depth;
        }
        return (isFull && depth > 0 && depth < deepest ? depth + SoftLines(depth) : 0, false); // what goes on is a shadow, or a table

        int BarLines()
        {
            for (var line = 0; line < (int)(lines * DeepestBar); line++)
            {
                var (x, y) = lineStart(line);
                for (var i = 0; i < length; i++)
                {
                    var level = plane.Row(y + i * step.Y)[x + i * step.X];
                    if (level > Black || ground - level <= Far)
                        return line;
                }
            }
            return 0; // it has no end
        }

        int SoftLines(int first)
        {
            var soft = 0;
            while (soft < Soft && ShareFar(first + soft, SoftFar) >= HalfLine)
                soft++;
            return soft;
        }

        float ShareFar(int line, int levels)
        {
            var (x, y) = lineStart(line);
            var far = 0;
            for (var i = 0; i < length; i++)
                far += Math.Abs(plane.Row(y + i * step.Y)[x + i * step.X] - ground) > levels ? 1 : 0;
            return far / (float)length;
        }
    }
}
