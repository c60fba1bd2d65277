namespace MnistApi.Imaging;

/// <summary>
/// Takes the lines of ruled and squared paper out of the ink, which are thin, straight, and go from edge to edge, and those of a printed box
/// that the digit touches. Where a stroke crosses one the ink is thicker than the line, and stays.
/// </summary>
internal static class RuledLines
{
    private const int LeastSide = 64;
    private const int Faint = 24; // of 255, the least that counts as a line's ink
    private const float MostSlope = 0.1f;
    private const float ThickestShare = 0.03f; // of the picture
    private const float LeastCover = 0.6f; // of its length that is ink
    private const float MarginShare = 0.02f; // so far from the edges a line is first looked for
    private const float LeastLeft = 0.2f; // of the ink, after the lines; with less left they were strokes
    private const float SingleThickness = 0.7f; // of the pen's, at most, for a line that is the only one: a 7's bar may reach both edges
    private const float GroundAtEnds = 0.05f; // of its length, without the digit, for the same
    private const int MostCandidates = 64; // at one edge: more are noise

    /// <summary>Removes them; returns whether there were any.</summary>
    public static bool Remove(Plane ink)
    {
        if (Math.Min(ink.Width, ink.Height) < LeastSide)
            return false;
        var across = new View(0, ink.Width, ink.Height, 1, ink.Width);
        var down = new View(0, ink.Height, ink.Width, ink.Width, 1);
        var level = Find(ink.Pixels, across, MarginShare);
        var upright = Find(ink.Pixels, down, MarginShare);
        return level.Count + upright.Count > 0 && Erase(ink, across, level, down, upright);
    }

    /// <summary>Removes the boxes that marks consist of but for what is written in them; returns whether there were any.</summary>
    public static bool RemoveBoxes(Plane ink, ReadOnlySpan<Mark> marks)
    {
        var isAny = false;
        foreach (var mark in marks)
        {
            if (Math.Min(mark.Width, mark.Height) < LeastSide)
                continue;
            var origin = mark.Top * ink.Width + mark.Left;
            var across = new View(origin, mark.Width, mark.Height, 1, ink.Width);
            var down = new View(origin, mark.Height, mark.Width, ink.Width, 1);
            var level = FindSides(ink.Pixels, across);
            if (level.Count < 2)
                continue;
            var upright = FindSides(ink.Pixels, down);
            isAny |= upright.Count >= 2 && Erase(ink, across, level, down, upright);
        }
        return isAny;
    }

    /// <summary>Erases the lines unless they are most of the ink, or a single one as thick as the pen, which may be the bar of a 7: then they were strokes.</summary>
    private static bool Erase(Plane ink, View across, List<Line> level, View down, List<Line> upright)
    {
        using var without = new Plane(ink.Width, ink.Height);
        ink.Pixels.CopyTo(without.Pixels);
        var thickness = 0;
        foreach (var line in level)
            thickness = Erase(without.Pixels, across, line);
        foreach (var line in upright)
            thickness = Erase(without.Pixels, down, line); // the other lines are gone where they cross
        if (Strong(without.Pixels) < Strong(ink.Pixels) * LeastLeft)
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

    /// <summary>The picture, or a part of it, along its rows or along its columns.</summary>
    private readonly record struct View(int Origin, int Length, int Breadth, int StepAlong, int StepAcross)
    {
        public int Thickest => (int)(Breadth * ThickestShare) + 2;

        public int At(int along, int across) => Origin + along * StepAlong + across * StepAcross;
    }

    /// <summary>Where a line stands at the beginning and at the end of its direction.</summary>
    private readonly record struct Line(float From, float To)
    {
        public int At(int along, int length) => (int)MathF.Round(From + (To - From) * along / (length - 1));
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
    private static List<Line> FindSides(ReadOnlySpan<byte> pixels, View view)
    {
        ReadOnlySpan<float> places = [0.1f, 0.2f, 0.3f, 0.4f];
        var lines = new List<Line>();
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
                foreach (var middle in Candidates(pixels, view, (int)(end * view.Length)))
                {
                    var line = new Line(middle - rise * end, middle + rise * (1 - end));
                    if (Cover(pixels, view, line) > LeastCover)
                        AddNew(line);
                }
            }
        }
        return lines;

        void AddNew(Line line)
        {
            if (!lines.Exists(other => Math.Abs(other.From + other.To - line.From - line.To) < 2 * view.Thickest))
                lines.Add(line);
        }
    }

    private static List<Line> Find(ReadOnlySpan<byte> pixels, View view, float marginShare)
    {
        var lines = new List<Line>();
        int first = (int)(view.Length * marginShare) + 1, last = view.Length - 1 - first;
        var starts = Candidates(pixels, view, first);
        if (starts.Count is 0 or > MostCandidates)
            return lines;
        var ends = Candidates(pixels, view, last);
        if (ends.Count is 0 or > MostCandidates)
            return lines;
        foreach (var start in starts)
        {
            Line best = default;
            var most = LeastCover;
            foreach (var end in ends)
            {
                var slope = (end - start) / (last - first);
                if (Math.Abs(slope) > MostSlope)
                    continue;
                var line = new Line(start - slope * first, end + slope * (view.Length - 1 - last));
                var cover = Cover(pixels, view, line);
                if (cover > most)
                    (best, most) = (line, cover);
            }
            if (most > LeastCover)
                lines.Add(best);
        }
        return lines;
    }

    /// <summary>The middles of thin pieces of ink across one position, averaged over three.</summary>
    private static List<float> Candidates(ReadOnlySpan<byte> pixels, View view, int along)
    {
        var middles = new List<float>();
        var begun = -1;
        for (var y = 0; y <= view.Breadth; y++)
        {
            var isInk = y < view.Breadth && pixels[view.At(along - 1, y)] + pixels[view.At(along, y)] + pixels[view.At(along + 1, y)] > 3 * Faint;
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

    private static float Cover(ReadOnlySpan<byte> pixels, View view, Line line)
    {
        var covered = 0;
        for (var x = 0; x < view.Length; x++)
        {
            if (Nearest(pixels, view, x, line.At(x, view.Length)) >= 0)
                covered++;
        }
        return covered / (float)view.Length;
    }

    /// <summary>Where there is ink at the line or a pixel beside it; below 0 where there is none.</summary>
    private static int Nearest(ReadOnlySpan<byte> pixels, View view, int along, int across)
    {
        foreach (var y in (ReadOnlySpan<int>)[across, across - 1, across + 1])
        {
            if ((uint)y < (uint)view.Breadth && pixels[view.At(along, y)] > Faint)
                return y;
        }
        return -1;
    }

    /// <summary>Erases one line; returns how thick it is.</summary>
    private static int Erase(Span<byte> ink, View view, Line line)
    {
        var runs = new (int From, int To)[view.Length];
        var thicknesses = new List<int>(view.Length);
        for (var x = 0; x < view.Length; x++)
        {
            var y = Nearest(ink, view, x, line.At(x, view.Length));
            if (y < 0)
                continue;
            int from = y, to = y + 1;
            while (from > 0 && ink[view.At(x, from - 1)] > Faint)
                from--;
            while (to < view.Breadth && ink[view.At(x, to)] > Faint)
                to++;
            runs[x] = (from, to);
            thicknesses.Add(to - from);
        }
        if (thicknesses.Count == 0)
            return 0;
        thicknesses.Sort();
        var thickness = thicknesses[thicknesses.Count / 2];
        if (thickness > view.Thickest)
            return thickness;
        for (var x = 0; x < view.Length; x++)
        {
            var (from, to) = runs[x];
            if (to == from || to - from > thickness * 1.5f + 1.5f)
                continue;
            for (var y = Math.Max(0, from - 1); y < Math.Min(view.Breadth, to + 1); y++) // with its soft edges
                ink[view.At(x, y)] = 0;
        }
        return thickness;
    }
}
