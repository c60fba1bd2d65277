namespace MnistApi.Imaging;

/// <summary>
/// Takes the lines of ruled and squared paper out of the ink: they are thin, straight, and go from edge to edge. Where a stroke crosses
/// one the ink is thicker than the line, and stays. None of the pictures that the rest was measured on has such lines; paper has.
/// </summary>
internal static class RuledLines
{
    private const int MinSide = 64; // pixels: smaller pictures are cut tight, without paper
    private const byte Faint = 24; // of 255: a line printed in light grey beside black ink still has more
    private const float Margin = 0.02f; // of the length, from an edge to where lines are looked for
    private const int Places = 4; // so far apart, where they are looked for: one may lie along a line that crosses
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
        if (ink.Shorter < MinSide)
            return false;
        var without = ink.Part(Box.Of(ink));
        var isAny = Remove(ink.Pixels, without.Pixels, new View(ink.Width, ink.Height, 1, ink.Width));
        isAny |= Remove(ink.Pixels, without.Pixels, new View(ink.Height, ink.Width, ink.Width, 1));
        var isLeft = isAny && Box.Of(without, Strong).Longer >= MinLeft * ink.Longer;
        if (isLeft)
            page.Replace(without);
        else
            without.Dispose();
        return isLeft;
    }

    /// <summary>From thin pieces of ink near one edge to those near the other, where there is ink nearly all the way between.</summary>
    private static bool Remove(ReadOnlySpan<byte> ink, Span<byte> without, View view)
    {
        var (first, starts) = Middles(ink, view, isFirst: true);
        var (last, ends) = Middles(ink, view, isFirst: false);
        Span<(int From, int To)> runs = stackalloc (int, int)[view.Length];
        var isAny = false;
        foreach (var start in starts)
        {
            foreach (var end in ends.Where(end => Math.Abs(end - start) <= MaxSlope * (last - first)))
            {
                var slope = (end - start) / (last - first);
                var thicknesses = new List<int>();
                for (var x = 0; x < view.Length; x++)
                {
                    runs[x] = Run(ink, view, x, (int)MathF.Round(start + slope * (x - first)));
                    if (runs[x].To > runs[x].From)
                        thicknesses.Add(runs[x].To - runs[x].From);
                }
                if (thicknesses.Count < MinCover * view.Length)
                    continue;
                isAny = true;
                thicknesses.Sort();
                Erase(without, view, runs, (thicknesses[thicknesses.Count / 2] + 1) * Thicker);
            }
        }
        return isAny;
    }

    /// <summary>The middles of thin pieces of ink at the place near an edge where there are most.</summary>
    private static (int Place, List<float> Middles) Middles(ReadOnlySpan<byte> ink, View view, bool isFirst)
    {
        var best = (Place: 0, Middles: new List<float>());
        for (var place = 1; place <= Places; place++)
        {
            var inset = Math.Max(place, (int)(view.Length * Margin * place));
            var at = isFirst ? inset : view.Length - 1 - inset;
            var middles = new List<float>();
            for (var y = 0; y < view.Breadth; y++)
            {
                var (from, to) = Run(ink, view, at, y, beside: 0);
                if (to > from && to - from <= (int)(view.Breadth * MaxThickness) + 2)
                    middles.Add((from + to - 1) / 2f);
                y = Math.Max(y, to);
            }
            if (middles.Count > best.Middles.Count && middles.Count <= MaxCandidates)
                best = (at, middles);
        }
        return best;
    }

    /// <summary>Erases a line with its soft edges, but for the strokes on it.</summary>
    private static void Erase(Span<byte> without, View view, ReadOnlySpan<(int From, int To)> runs, float maxThickness)
    {
        for (var x = 0; x < runs.Length; x++)
        {
            var (from, to) = runs[x];
            if (to == from || to - from > maxThickness)
                continue;
            for (var y = Math.Max(0, from - 1); y < Math.Min(view.Breadth, to + 1); y++)
                without[view.At(x, y)] = 0;
        }
    }

    /// <summary>The ink across the view at one place, at most so many pixels beside it; empty where there is none.</summary>
    private static (int From, int To) Run(ReadOnlySpan<byte> ink, View view, int along, int across, int beside = 1)
    {
        foreach (var y in (ReadOnlySpan<int>)[across, across - 1, across + 1])
        {
            if (Math.Abs(y - across) > beside || y < 0 || y >= view.Breadth || ink[view.At(along, y)] <= Faint)
                continue;
            int from = y, to = y + 1;
            while (from > 0 && ink[view.At(along, from - 1)] > Faint)
                from--;
            while (to < view.Breadth && ink[view.At(along, to)] > Faint)
                to++;
            return (from, to);
        }
        return default;
    }

    /// <summary>The picture along its rows, or along its columns.</summary>
    private readonly record struct View(int Length, int Breadth, int StepAlong, int StepAcross)
    {
        public int At(int along, int across) => along * StepAlong + across * StepAcross;
    }
}
