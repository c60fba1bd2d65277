namespace MnistApi.Imaging;

/// <summary>
/// Takes out of marks what is straight and goes further than the digit does, as no stroke of one: the line of a form or of a comb's fields that its foot
/// touches, a fax machine's line that ends in mid-page.
/// </summary>
internal static class OverlongLines
{
    private const int LeastSide = 64; // of the picture: in smaller ones a pixel decides how thick a line is
    private const int LeastMark = 24; // pixels
    private const int MostMarks = 4; // that are looked at, the longest
    private const float Thin = 0.7f; // of the pen's width, at most, for a line that is thinner
    private const float VeryThin = 0.31f; // of the pen's width, at most, for one that no pen drew beside such strokes
    private const float LeastAtAll = 0.3f; // of the digit's longer side, that a very thin level one goes further on one side
    private const float LeastOnBothSides = 0.3f; // the same of a thinner one on both sides
    private const float LeastAcross = 0.75f; // the same on one side alone, of a level one: the bar of a 4 or a 7 is shorter
    private const float LeastDown = 2.5f; // of an upright one: below its loop a 9 has but a stem
    private const float LeastAsThick = 0.5f; // on both sides, of a line as thick as the pen: the foot of a 1 is shorter
    private const float LeastAsThickInAll = 1.5f; // and together
    private const float LongStrip = 1.5f; // times as long as broad: a mark with such a line in it is
    private const float MostOfPen = 0.85f; // of the width of all strokes of another mark, a line that may be thinner than the pen
    private const float LongestTooth = 0.75f; // of the digit's longer side, for what stands on such a line
    private const int ThickestTooth = 4; // lines; marks are whole cells

    /// <summary>Removes them; returns whether there were any.</summary>
    public static bool Remove(Plane ink, ReadOnlySpan<Mark> marks)
    {
        if (Math.Min(ink.Width, ink.Height) < LeastSide)
            return false;
        var isAny = false;
        foreach (var mark in marks.ToArray().OrderByDescending(mark => mark.Longer).Take(MostMarks))
        {
            if (mark.Longer < LeastMark)
                continue;
            var origin = mark.Top * ink.Width + mark.Left;
            isAny |= Remove(ink, mark, new LineView(origin, mark.Width, mark.Height, 1, ink.Width), isLevel: true);
            isAny |= Remove(ink, mark, new LineView(origin, mark.Height, mark.Width, ink.Width, 1), isLevel: false);
        }
        return isAny;
    }

    private static bool Remove(Plane ink, in Mark mark, LineView view, bool isLevel)
    {
        if (view.Length < LeastMark)
            return false;
        var lines = RuledLines.FindSides(ink.Pixels, view);
        if (lines.Count == 0)
            return false;
        var thickest = view.Length < LongStrip * view.Breadth ? MostOfPen * StrokeWidth.Of(ink, mark.Box) : view.Thickest;
        lines.RemoveAll(line => line.Thickness(ink.Pixels, view) is var thickness && (thickness == 0 || thickness > thickest));
        if (lines.Count == 0)
            return false;
        using var without = new Plane(ink.Width, ink.Height);
        ink.Pixels.CopyTo(without.Pixels);
        foreach (var line in lines)
            line.Erase(without.Pixels, view);
        var rest = Marks.Find(without, DigitMarks.Threshold).All;
        if (Written(rest, mark, lines.Max(line => line.Thickness(ink.Pixels, view))) is not { } digit)
            return false;
        var pen = StrokeWidth.Of(without, digit.Box);
        var isAny = false;
        foreach (var line in lines)
        {
            var thickness = line.Thickness(ink.Pixels, view);
            if (!IsOverlong(line.Extent(ink.Pixels, view, thickness), mark, digit, thickness / pen, isLevel))
                continue;
            line.Erase(ink.Pixels, view);
            EraseTeeth(ink, rest, mark, digit, line, thickness, isLevel);
            isAny = true;
        }
        return isAny;
    }

    /// <summary>What was written in a mark or across it besides lines, all of it together; null where that is not the digit, or there is nothing.</summary>
    private static Mark? Written(ReadOnlySpan<Mark> rest, in Mark mark, int thickness)
    {
        var main = DigitMarks.Main(rest);
        if (main.Longer < LeastMark || main.GapAcross(mark) >= 0 || main.GapDown(mark) >= 0)
            return null;
        var written = main;
        foreach (var other in rest)
        {
            if (other.IsIn(mark) && !IsTooth(other, main, thickness))
                written.Add(other);
        }
        return written;
    }

    private static bool IsOverlong((int From, int To) line, in Mark mark, in Mark digit, float ofPen, bool isLevel)
    {
        var (begin, first, last) = isLevel ? (mark.Left, digit.Left, digit.Right) : (mark.Top, digit.Top, digit.Bottom);
        float before = (first - begin - line.From) / (float)digit.Longer, beyond = (begin + line.To - last) / (float)digit.Longer;
        var leastOnOneSide = !isLevel ? LeastDown : ofPen <= VeryThin ? LeastAtAll : LeastAcross;
        return ofPen <= Thin
            ? Math.Min(before, beyond) >= LeastOnBothSides || Math.Max(before, beyond) >= leastOnOneSide
            : Math.Min(before, beyond) >= LeastAsThick && before + beyond >= LeastAsThickInAll;
    }

    /// <summary>What stood on the line, as thin and straight, across it and shorter than the digit.</summary>
    private static void EraseTeeth(Plane ink, ReadOnlySpan<Mark> rest, in Mark mark, in Mark digit, ThinLine line, int thickness, bool isLevel)
    {
        foreach (var tooth in rest)
        {
            var (near, far) = isLevel ? (tooth.Top - mark.Top, tooth.Bottom - mark.Top) : (tooth.Left - mark.Left, tooth.Right - mark.Left);
            var (from, to) = (Math.Min(line.From, line.To), Math.Max(line.From, line.To));
            var isOnLine = near <= to + ThickestTooth * thickness && far >= from - ThickestTooth * thickness;
            if (!isOnLine || isLevel != tooth.Height > tooth.Width || !tooth.IsIn(mark) || !IsTooth(tooth, digit, thickness))
                continue;
            for (var y = tooth.Top; y < tooth.Bottom; y++)
                ink.Row(y)[tooth.Left..tooth.Right].Clear();
        }
    }

    private static bool IsTooth(in Mark mark, in Mark digit, int thickness) =>
        mark.Longer <= LongestTooth * digit.Longer && Math.Min(mark.Width, mark.Height) <= ThickestTooth * thickness;
}
