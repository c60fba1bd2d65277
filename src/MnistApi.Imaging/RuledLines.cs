namespace MnistApi.Imaging;

/// <summary>
/// Takes the lines of ruled and squared paper out of the ink: they are thin, straight, and go from edge to edge. Where a stroke crosses
/// one the ink is thicker than the line, and stays. None of the pictures that the rest was measured on has such lines; paper has.
/// </summary>
internal static class RuledLines
{
    private const int MinSide = 64; // pixels: smaller pictures are cut tight, without paper
    private const int Faint = 24; // of 255: a line printed in light grey beside black ink still has more
    private const float Margin = 0.02f; // of the length, from an edge to where lines are looked for
    private const int Places = 4; // so far apart, where they are looked for
    private const float MaxSlope = 0.1f; // of paper that lies askew
    private const float MinCover = 0.9f; // of a line's length, that is ink: a stroke, or a 7's bar, ends before
    private const float MaxThickness = 0.03f; // of the picture
    private const int MaxCandidates = 64; // at one edge: more are grain
    private const byte Strong = 128; // of 255, as the ink of a pen is
    private const float MinLeft = 0.05f; // of the picture's longer side must be left with strong ink: with less the lines were the digit
    private const float Thicker = 1.5f; // than the line, where a stroke crosses it

    /// <summary>Removes them; says whether there were any.</summary>
    public static bool Remove(Page page)
    {
        var ink = page.Plane;
        if (Math.Min(ink.Width, ink.Height) < MinSide)
            return false;
        using var without = new Plane(ink.Width, ink.Height);
        ink.Pixels.CopyTo(without.Pixels);
        var across = new View(ink.Width, ink.Height, 1, ink.Width);
        var down = new View(ink.Height, ink.Width, ink.Width, 1);
        var isAny = false;
        foreach (var (view, lines) in new[] { (across, Find(ink.Pixels, across)), (down, Find(ink.Pixels, down)) })
        {
            foreach (var line in lines)
                Erase(without.Pixels, view, line);
            isAny |= lines.Count > 0;
        }
        if (!isAny || Box.Of(without, Strong).Longer < MinLeft * Box.Of(ink).Longer)
            return false;
        without.Pixels.CopyTo(ink.Pixels);
        return true;
    }

    /// <summary>From each thin piece of ink near one edge to the one near the other edge that has the most ink between.</summary>
    private static List<Line> Find(ReadOnlySpan<byte> pixels, View view)
    {
        var lines = new List<Line>();
        var (first, starts) = Candidates(pixels, view, isFirst: true);
        var (last, ends) = Candidates(pixels, view, isFirst: false);
        foreach (var start in starts)
        {
            var (best, most) = (default(Line), MinCover);
            foreach (var end in ends)
            {
                var slope = (end - start) / (last - first);
                if (Math.Abs(slope) > MaxSlope)
                    continue;
                var line = new Line(start - slope * first, slope);
                var cover = Cover(pixels, view, line);
                if (cover > most)
                    (best, most) = (line, cover);
            }
            if (most > MinCover)
                lines.Add(best);
        }
        return lines;
    }

    /// <summary>The middles of thin pieces of ink at a place near one edge where there are most: a line may lie along another.</summary>
    private static (int Place, List<float> Middles) Candidates(ReadOnlySpan<byte> pixels, View view, bool isFirst)
    {
        var best = (Place: 0, Middles: new List<float>());
        for (var place = 1; place <= Places; place++)
        {
            var inset = Math.Max(place, (int)(view.Length * Margin * place));
            var along = isFirst ? inset : view.Length - 1 - inset;
            var middles = Middles(pixels, view, along);
            if (middles.Count > best.Middles.Count && middles.Count <= MaxCandidates)
                best = (along, middles);
        }
        return best;
    }

    private static List<float> Middles(ReadOnlySpan<byte> pixels, View view, int along)
    {
        var middles = new List<float>();
        for (int y = 0, begun = -1; y <= view.Breadth; y++)
        {
            var isInk = y < view.Breadth && pixels[view.At(along, y)] > Faint;
            if (isInk && begun < 0)
                begun = y;
            if (isInk || begun < 0)
                continue;
            if (y - begun <= view.MaxThickness)
                middles.Add((begun + y - 1) / 2f);
            begun = -1;
        }
        return middles;
    }

    private static float Cover(ReadOnlySpan<byte> pixels, View view, Line line)
    {
        var covered = 0;
        for (var x = 0; x < view.Length; x++)
            covered += Run(pixels, view, line, x) is (var from, var to) && to > from ? 1 : 0;
        return covered / (float)view.Length;
    }

    /// <summary>Erases the line with its soft edges, but for the strokes on it.</summary>
    private static void Erase(Span<byte> pixels, View view, Line line)
    {
        Span<int> thicknesses = stackalloc int[view.Length];
        var count = 0;
        for (var x = 0; x < view.Length; x++)
        {
            var (from, to) = Run(pixels, view, line, x);
            if (to > from)
                thicknesses[count++] = to - from;
        }
        if (count == 0)
            return;
        thicknesses[..count].Sort();
        var thickness = thicknesses[count / 2];
        for (var x = 0; x < view.Length; x++)
        {
            var (from, to) = Run(pixels, view, line, x);
            if (to - from > (thickness + 1) * Thicker)
                continue;
            for (var y = Math.Max(0, from - 1); y < Math.Min(view.Breadth, to + 1); y++)
                pixels[view.At(x, y)] = 0;
        }
    }

    /// <summary>The ink across the line at one place, at most a pixel beside it; empty where there is none.</summary>
    private static (int From, int To) Run(ReadOnlySpan<byte> pixels, View view, Line line, int along)
    {
        var middle = (int)MathF.Round(line.Start + line.Slope * along);
        foreach (var y in (ReadOnlySpan<int>)[middle, middle - 1, middle + 1])
        {
            if (y < 0 || y >= view.Breadth || pixels[view.At(along, y)] <= Faint)
                continue;
            int from = y, to = y + 1;
            while (from > 0 && pixels[view.At(along, from - 1)] > Faint)
                from--;
            while (to < view.Breadth && pixels[view.At(along, to)] > Faint)
                to++;
            return (from, to);
        }
        return (0, 0);
    }

    /// <summary>A straight line.</summary>
    /// <param name="Start">Where across the view it begins.</param>
    /// <param name="Slope">How far it rises a pixel.</param>
    private readonly record struct Line(float Start, float Slope);

    /// <summary>The picture along its rows, or along its columns.</summary>
    private readonly record struct View(int Length, int Breadth, int StepAlong, int StepAcross)
    {
        public int MaxThickness => (int)(Breadth * RuledLines.MaxThickness) + 2;

        public int At(int along, int across) => along * StepAlong + across * StepAcross;
    }
}
