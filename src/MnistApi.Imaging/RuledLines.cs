namespace MnistApi.Imaging;

/// <summary>
/// Takes the lines of ruled and squared paper out of the ink, which are thin, straight, and go from edge to edge, and those of a printed box
/// that the digit touches. Where a stroke crosses one the ink is thicker than the line, and stays.
/// </summary>
internal static class RuledLines
{
    private const int LeastSide = 64;
    private const int LeastBox = 24; // pixels a side
    private const int MostBoxes = 8; // that are looked at, the largest marks
    private const float MostSlope = 0.1f;
    private const float LeastCover = 0.6f; // of its length that is ink
    private const float MarginShare = 0.02f; // so far from the edges a line is first looked for
    private const float AsLong = 0.85f; // as the longest, a box's side
    private const float LeastThin = 0.1f; // of a box's side
    private const float LeastLeft = 0.2f; // of the ink, after the lines; with less left they were strokes
    private const int LeastRuled = 5; // lines in one direction: no digit has so many, however little it is beside them
    private const float SingleThickness = 0.7f; // of the pen's, at most, for a line that is the only one: a 7's bar may reach both edges
    private const float GroundAtEnds = 0.05f; // of its length, without the digit, for the same
    private const int LinesAtMost = 64; // at one edge: more are noise
    private const int Places = 4; // near an edge, where lines are first looked for
    private const float PlacesApart = 0.015f; // of the length

    /// <summary>Removes them; returns whether there were any.</summary>
    public static bool Remove(Plane ink)
    {
        if (Math.Min(ink.Width, ink.Height) < LeastSide)
            return false;
        var across = new LineView(0, ink.Width, ink.Height, 1, ink.Width);
        var down = new LineView(0, ink.Height, ink.Width, ink.Width, 1);
        var level = Find(ink.Pixels, across, MarginShare);
        var upright = Find(ink.Pixels, down, MarginShare);
        return level.Count + upright.Count > 0 && Erase(ink, across, level, down, upright);
    }

    /// <summary>Removes the boxes that marks consist of but for what is written in them; returns whether there were any.</summary>
    public static bool RemoveBoxes(Plane ink, ReadOnlySpan<Mark> marks)
    {
        var isAny = false;
        foreach (var mark in marks.ToArray().OrderByDescending(mark => mark.Longer).Take(MostBoxes))
        {
            if (Math.Min(mark.Width, mark.Height) < LeastBox)
                continue;
            var origin = mark.Top * ink.Width + mark.Left;
            var across = new LineView(origin, mark.Width, mark.Height, 1, ink.Width);
            var down = new LineView(origin, mark.Height, mark.Width, ink.Width, 1);
            var level = FindSides(ink.Pixels, across);
            if (level.Count < 2)
                continue;
            var upright = FindSides(ink.Pixels, down);
            if (upright.Count < 2)
                continue;
            DropStrokes(ink.Pixels, across, level, down, upright);
            isAny |= Math.Min(level.Count, upright.Count) >= 2 && Erase(ink, across, level, down, upright);
        }
        return isAny;
    }

    /// <summary>A box's sides are all as long, and as thick but where a stroke lies along one: what is shorter or nowhere as thin is a stroke of the digit in it.</summary>
    private static void DropStrokes(Span<byte> pixels, LineView across, List<ThinLine> level, LineView down, List<ThinLine> upright)
    {
        var thinnest = int.MaxValue;
        foreach (var line in level)
            thinnest = Math.Min(thinnest, line.Thickness(pixels, across));
        foreach (var line in upright)
            thinnest = Math.Min(thinnest, line.Thickness(pixels, down));
        Drop(pixels, across, level, thinnest);
        Drop(pixels, down, upright, thinnest);

        static void Drop(ReadOnlySpan<byte> pixels, LineView view, List<ThinLine> lines, int thinnest)
        {
            var longest = 0f;
            foreach (var line in lines)
                longest = Math.Max(longest, line.Cover(pixels, view));
            for (var i = lines.Count - 1; i >= 0; i--)
            {
                if (lines[i].Cover(pixels, view) < AsLong * longest || lines[i].ThinShare(pixels, view, thinnest) < LeastThin)
                    lines.RemoveAt(i);
            }
        }
    }

    /// <summary>Erases the lines unless they are few and most of the ink, or a single one as thick as the pen, which may be the bar of a 7: then they were strokes.</summary>
    private static bool Erase(Plane ink, LineView across, List<ThinLine> level, LineView down, List<ThinLine> upright)
    {
        using var without = new Plane(ink.Width, ink.Height);
        ink.Pixels.CopyTo(without.Pixels);
        var thickness = 0;
        foreach (var line in level)
            thickness = line.Erase(without.Pixels, across);
        foreach (var line in upright)
            thickness = line.Erase(without.Pixels, down); // the other lines are gone where they cross
        if (Math.Max(level.Count, upright.Count) < LeastRuled && Strong(without.Pixels) < Strong(ink.Pixels) * LeastLeft)
            return false;
        if (level.Count + upright.Count == 1 && !IsBeside(without, level.Count == 1, thickness))
            return false;
        without.Pixels.CopyTo(ink.Pixels);
        return true;
    }

    /// <summary>Whether what is left without a single line has a thicker pen, and ground between it and the ends of the line.</summary>
    private static bool IsBeside(Plane rest, bool isLevel, int thickness)
    {
        var whole = new Box(0, 0, rest.Width, rest.Height);
        var box = Box.Of(rest, whole, DigitMarks.Threshold);
        var (length, first, last) = isLevel ? (rest.Width, box.Left, box.Right) : (rest.Height, box.Top, box.Bottom);
        var ground = (int)(length * GroundAtEnds);
        return first >= ground && last <= length - ground && thickness <= SingleThickness * StrokeWidth.Of(rest, whole);
    }

    private static int Strong(ReadOnlySpan<byte> pixels)
    {
        var count = 0;
        foreach (var pixel in pixels)
            count += pixel >> 7;
        return count;
    }

    /// <summary>
    /// A box's lines, looked for at several places: at one a stroke may lie on the line, and before the first the part of a digit that leaves
    /// its box. Where a stroke lies along most of a line it is found by its one end and the other line's slope.
    /// </summary>
    public static List<ThinLine> FindSides(ReadOnlySpan<byte> pixels, LineView view)
    {
        ReadOnlySpan<float> places = [0.1f, 0.2f, 0.3f, 0.4f];
        var lines = new List<ThinLine>();
        foreach (var place in places)
        {
            foreach (var line in Find(pixels, view, place))
                AddNew(line);
        }
        if (lines.Count != 1)
            return lines;
        var rise = lines[0].To - lines[0].From;
        foreach (var place in places)
        {
            foreach (var end in (ReadOnlySpan<float>)[place, 1 - place])
            {
                var middles = Candidates(pixels, view, (int)(end * view.Length));
                if (middles.Count > LinesAtMost)
                    continue;
                foreach (var middle in middles)
                {
                    var line = new ThinLine(middle - rise * end, middle + rise * (1 - end));
                    if (line.Cover(pixels, view) > LeastCover)
                        AddNew(line);
                }
            }
        }
        return lines;

        void AddNew(ThinLine line)
        {
            if (!lines.Exists(other => Math.Abs(other.From + other.To - line.From - line.To) < 2 * view.Thickest))
                lines.Add(line);
        }
    }

    private static List<ThinLine> Find(ReadOnlySpan<byte> pixels, LineView view, float marginShare)
    {
        var lines = new List<ThinLine>();
        var (first, starts) = MostCandidates(pixels, view, marginShare);
        var (last, ends) = MostCandidates(pixels, view, 1 - marginShare);
        if (starts.Count == 0 || ends.Count == 0 || first >= last)
            return lines;
        foreach (var start in starts)
        {
            ThinLine best = default;
            var most = LeastCover;
            foreach (var end in ends)
            {
                var slope = (end - start) / (last - first);
                if (Math.Abs(slope) > MostSlope)
                    continue;
                var line = new ThinLine(start - slope * first, end + slope * (view.Length - 1 - last));
                var cover = line.Cover(pixels, view);
                if (cover > most)
                    (best, most) = (line, cover);
            }
            if (most > LeastCover)
                lines.Add(best);
        }
        return lines;
    }

    /// <summary>Those at a place along the view or near it, further in, where there are most: on squared paper a line may lie along the place itself. None where there are too many.</summary>
    private static (int Place, List<float> Candidates) MostCandidates(ReadOnlySpan<byte> pixels, LineView view, float share)
    {
        var place = Math.Clamp((int)(view.Length * share), 1, view.Length - 2);
        var inward = Math.Max(2, (int)(view.Length * PlacesApart)) * (share < 0.5f ? 1 : -1);
        var most = (Place: place, Candidates: new List<float>());
        for (var i = 0; i < Places; i++, place += inward)
        {
            var candidates = Candidates(pixels, view, place);
            if (candidates.Count > most.Candidates.Count && candidates.Count <= LinesAtMost)
                most = (place, candidates);
        }
        return most;
    }

    /// <summary>The middles of thin pieces of ink across one position, averaged over three.</summary>
    private static List<float> Candidates(ReadOnlySpan<byte> pixels, LineView view, int along)
    {
        var middles = new List<float>();
        var begun = -1;
        for (var y = 0; y <= view.Breadth; y++)
        {
            var isInk = y < view.Breadth && pixels[view.At(along - 1, y)] + pixels[view.At(along, y)] + pixels[view.At(along + 1, y)] > 3 * ThinLine.Faint;
            if (isInk && begun < 0)
                begun = y;
            if (isInk || begun < 0)
                continue;
            if (y - begun <= view.Thickest)
                middles.Add((begun + y - 1) / 2f);
            begun = -1;
        }
        return middles;
    }
}
