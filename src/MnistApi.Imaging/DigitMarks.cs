namespace MnistApi.Imaging;

/// <summary>Which marks are the digit, whatever number of parts it was drawn in.</summary>
internal static class DigitMarks
{
    /// <summary>Ink from here on is part of a mark.</summary>
    public const byte Threshold = 51; // a fifth

    /// <summary>The same where a faint line joins the digit with the picture's edge, as a crease in the sheet does.</summary>
    public const byte StrongThreshold = 128;

    private const int LeastPeak = 128; // a mark that nowhere reaches this is a stain
    private const int LeastLonger = 12; // pixels of a digit's longer side, in a picture of LeastPage: less is dust
    private const int LeastPage = 128; // pixels a side
    private const float SubstantialShare = 0.15f; // of the picture's shorter side: a mark so long can be a digit
    private const float RemainShare = 0.85f; // of a mark, in the picture's margin: then it is not the digit if another can be
    private const int LeastSide = 48; // of the picture; smaller ones are cut tight, and a 5's bar may lie along the edge
    private const float AlongShare = 0.95f; // of an edge's length, for what lies along it
    private const float DeepestShare = 0.35f; // of the picture, for the same
    private const float LeastInBox = 0.25f; // of a box's longer side: less is the dot in a 0
    private const int LeastDashes = 4;
    private const float LeastInCircle = 0.4f; // of a circle's; a 0 that is as round has at most a dot
    private const float LeastRule = 0.8f; // of the longer side of a digit, for a line below or above it
    private const float LeastOverRule = 0.25f; // of such a line's length, for the digit's height
    private const float LeastInOne = 0.8f; // of the height of all above a line, for a digit in one piece; segments of a display are shorter
    private const float LeastBelow = 0.03f; // of a digit's height, between it and such a line: a foot lies closer
    private const float LeastUnderline = 0.4f; // of its longer side, for a line below it
    private const float SpeckLength = 0.12f; // of the main mark's longer side
    private const float SpeckArea = 0.03f; // of its area
    private const float FarSpeckArea = 0.1f; // the same, for what lies far from it
    private const float LongestHole = 0.4f; // of its longer side
    private const float FarGap = 0.3f; // of the main mark's longer side
    private const float DustGap = 0.75f; // of the main mark's longer side: nothing so far off is the digit's
    private const float LongestDust = 0.25f; // of it
    private const int LeastDust = 4;
    private const float LikeDust = 1.5f; // times as long as the longest, what is dust as well
    private const float LeastFilled = 0.65f; // of its box, what is solid: a disc has 0.79
    private const float MostAspect = 3; // of its sides
    private const float LeastBlob = 1.15f; // times as wide as the pen; as strokes' are measured, a disc is as wide as its radius
    private const float LeastBesideBlob = 0.2f; // of its size, what was written beside it: a hair beside a bold digit is less
    private const float MostBlob = 0.9f; // of the digit's longer side
    private const float LineRemainArea = 0.3f; // FarSpeckArea once lines were taken out
    private const float LineRemainGap = 0.1f; // FarGap, for the same

    /// <summary>Says which marks are the digit's.</summary>
    /// <param name="found">All there are.</param>
    /// <param name="ink">The picture.</param>
    /// <param name="isLined">Whether lines were taken out of it: what they leave is no part of the digit.</param>
    /// <param name="isPhotograph">Whether shadows and other sheets may reach into it.</param>
    /// <exception cref="PictureException">None is.</exception>
    public static bool[] Choose(Marks found, Plane ink, bool isLined, bool isPhotograph)
    {
        ReadOnlySpan<Mark> marks = found.All;
        var isKept = new bool[marks.Length];
        var substantial = Math.Min(ink.Width, ink.Height) * SubstantialShare;
        var isInnerSubstantial = false;
        foreach (var mark in marks)
            isInnerSubstantial |= mark.Peak >= LeastPeak && !IsFromOutside(mark, ink, isPhotograph) && mark.Longer >= substantial;
        var main = -1;
        for (var i = 0; i < marks.Length; i++)
        {
            isKept[i] = marks[i].Peak >= LeastPeak && !(isInnerSubstantial && IsFromOutside(marks[i], ink, isPhotograph))
                && !(marks[i].Longer >= substantial && (IsAroundAnother(found, i) || IsUnderAnother(found, i)));
            if (isKept[i] && (main < 0 || Size(marks[i]) > Size(marks[main])))
                main = i;
        }
        main = BesideBlob(marks, ink, main, isKept);
        if (main < 0)
            throw new PictureException(PictureError.NoInk, $"the picture has no digit: expected a mark of ink, got {marks.Length} stains");
        if (marks[main].Longer < LeastLonger && Math.Min(ink.Width, ink.Height) >= LeastPage)
            throw new PictureException(PictureError.NoInk, $"the picture has no digit: expected a mark of at least {LeastLonger} of {Math.Max(ink.Width, ink.Height)} pixels, the largest of {marks.Length} has {marks[main].Longer}");
        for (var i = 0; i < marks.Length; i++)
            isKept[i] = isKept[i] && (i == main || !(IsSpeck(marks[i], marks[main], isLined) || IsAlone(marks, i, marks[main])));
        DropDust(marks, main, isKept);
        Print.Drop(marks, main, ink, isKept);
        DropDashes(found, main, isKept);
        return isKept;
    }

    /// <summary>The one that can be a digit most; an empty one where there is none.</summary>
    public static Mark Main(ReadOnlySpan<Mark> marks)
    {
        Mark main = default;
        foreach (var mark in marks)
        {
            if (mark.Peak >= LeastPeak && Size(mark) > Size(main))
                main = mark;
        }
        return main;
    }

    /// <summary>Of ink, and of the way the pen went: a blot has more ink than a digit in thin strokes, and is none.</summary>
    private static long Size(in Mark mark) => (long)mark.Area * mark.Longer;

    /// <summary>Leaves out what is solid and much wider than the pen, where something longer was written beside it: a coin, an eraser, a blot. Returns the main mark of the rest.</summary>
    private static int BesideBlob(ReadOnlySpan<Mark> marks, Plane ink, int main, bool[] isKept)
    {
        if (main < 0)
            return main;
        var written = main;
        for (var i = 0; i < marks.Length; i++)
        {
            if (isKept[i] && !IsSolid(marks[i]) && (IsSolid(marks[written]) || Size(marks[i]) > Size(marks[written])))
                written = i;
        }
        var digit = marks[written];
        if (IsSolid(digit) || Size(digit) < LeastBesideBlob * Size(marks[main]))
            return main;
        var width = WidthOf(digit, ink);
        for (var i = 0; i < marks.Length; i++)
        {
            if (isKept[i] && IsSolid(marks[i]) && marks[i].Longer <= MostBlob * digit.Longer && WidthOf(marks[i], ink) >= LeastBlob * width)
            {
                isKept[i] = false;
                main = written;
            }
        }
        return main;
    }

    private static float WidthOf(in Mark mark, Plane ink) => StrokeWidth.Of(ink, mark.Box);

    private static bool IsSolid(in Mark mark) => mark.IsSolid(LeastFilled, MostAspect);

    /// <summary>Whether a mark can be a digit that no edge cuts.</summary>
    public static bool IsWithin(in Mark mark, Plane ink) => !mark.IsAtEdge && mark.Longer >= Math.Min(ink.Width, ink.Height) * SubstantialShare;

    /// <summary>What a frame left behind lies along the edges, a table beside the sheet along the whole of one, a shadow in a corner of the picture; in a photograph, whatever reaches the edge came from there.</summary>
    private static bool IsFromOutside(in Mark mark, Plane ink, bool isPhotograph) =>
        mark.InMargin > RemainShare * mark.Area || (mark.IsAtEdge && (isPhotograph || IsAlongEdge(mark, ink) || IsInCorner(mark, ink)));

    private static bool IsInCorner(in Mark mark, Plane ink)
    {
        if (Math.Min(ink.Width, ink.Height) < LeastSide)
            return false;
        ReadOnlySpan<(bool IsThere, byte Level)> corners =
        [
            (mark.Left == 0 && mark.Top == 0, ink.Row(0)[0]),
            (mark.Right == ink.Width && mark.Top == 0, ink.Row(0)[^1]),
            (mark.Left == 0 && mark.Bottom == ink.Height, ink.Row(ink.Height - 1)[0]),
            (mark.Right == ink.Width && mark.Bottom == ink.Height, ink.Row(ink.Height - 1)[^1]),
        ];
        foreach (var (isThere, level) in corners)
        {
            if (isThere && level >= LeastPeak)
                return true;
        }
        return false;
    }

    /// <summary>A field of a form, a frame that a program drew, a circle around a number: with a mark in it that can be a digit.</summary>
    private static bool IsAroundAnother(Marks found, int outer)
    {
        var around = found.All[outer];
        var longest = 0; // of those within
        foreach (var mark in found.All)
        {
            if (mark.IsWithin(around) && mark.Peak >= LeastPeak)
                longest = Math.Max(longest, mark.Longer);
        }
        if (longest < LeastInBox * around.Longer)
            return false;
        var shape = ShapeOf(found, outer);
        return shape.IsBox || (longest >= LeastInCircle * around.Longer && shape.IsCircle);
    }

    /// <summary>A line to write on, or a comb's field: it goes further on both sides than the digit, as no digit's own foot does but that of a narrow 1; or a line below all of a digit in one piece.</summary>
    private static bool IsUnderAnother(Marks found, int rule)
    {
        var line = found.All[rule];
        var top = line.Top; // of all there is
        foreach (var mark in found.All)
            top = mark.Peak >= LeastPeak ? Math.Min(top, mark.Top) : top;
        foreach (var mark in found.All)
        {
            var isWider = line.Left < mark.Left && line.Right > mark.Right && mark.Height >= LeastOverRule * line.Width && line.Width >= LeastRule * mark.Longer;
            var isBelow = line.Top - mark.Bottom >= LeastBelow * mark.Height && line.GapAcross(mark) < 0 && mark.Height >= LeastInOne * (line.Top - top) && line.Width >= LeastUnderline * mark.Longer;
            if (mark.Peak >= LeastPeak && (isWider || isBelow))
                return ShapeOf(found, rule).IsRule;
        }
        return false;
    }

    /// <summary>Where several specks are strewn over the picture, what is beside the digit and hardly larger is one as well.</summary>
    private static void DropDust(ReadOnlySpan<Mark> marks, int main, bool[] isKept)
    {
        var far = (int)(DustGap * marks[main].Longer);
        var (count, longest) = (0, 0);
        foreach (var mark in marks)
        {
            if (mark.Peak < LeastPeak || mark.Longer >= LongestDust * marks[main].Longer || Gap(mark, marks[main]) <= far)
                continue;
            count++;
            longest = Math.Max(longest, mark.Longer);
        }
        if (count < LeastDust)
            return;
        for (var i = 0; i < isKept.Length; i++)
            isKept[i] &= i == main || marks[i].Longer > LikeDust * longest;
    }

    /// <summary>Leaves out whatever is apart from the digit where all of it is a dashed box around it.</summary>
    private static void DropDashes(Marks found, int main, bool[] isKept)
    {
        var isDash = new bool[isKept.Length];
        for (var i = 0; i < isDash.Length; i++)
            isDash[i] = i != main && found.All[i].Peak >= LeastPeak && Gap(found.All[i], found.All[main]) > 0;
        if (isDash.Count(true) < LeastDashes || !found.All[main].IsWithin(found.Together(isDash)) || !new MarkShape(found.Runs, isDash).IsDashedBox)
            return;
        for (var i = 0; i < isDash.Length; i++)
            isKept[i] &= !isDash[i];
    }

    private static MarkShape ShapeOf(Marks found, int mark)
    {
        var isOf = new bool[found.All.Length];
        isOf[mark] = true;
        return new MarkShape(found.Runs, isOf);
    }

    private static bool IsAlongEdge(in Mark mark, Plane ink) =>
        Math.Min(ink.Width, ink.Height) >= LeastSide
        && ((mark.Width >= AlongShare * ink.Width && mark.Height <= DeepestShare * ink.Height && (mark.Top == 0 || mark.Bottom == ink.Height))
        || (mark.Height >= AlongShare * ink.Height && mark.Width <= DeepestShare * ink.Width && (mark.Left == 0 || mark.Right == ink.Width)));

    private static bool IsSpeck(in Mark mark, in Mark main, bool isLined)
    {
        if (mark.Longer < SpeckLength * main.Longer && mark.Area < SpeckArea * main.Area)
            return true;
        var gap = Gap(mark, main) / (float)main.Longer;
        return mark.Area < (isLined ? LineRemainArea : FarSpeckArea) * main.Area && gap > (isLined ? LineRemainGap : FarGap);
    }

    /// <summary>A punched hole: small, and far from the digit and from what else there is; a dot of a dotted stroke has others beside it.</summary>
    private static bool IsAlone(ReadOnlySpan<Mark> marks, int hole, in Mark main)
    {
        var far = FarGap * main.Longer;
        if (marks[hole].Longer >= LongestHole * main.Longer || Gap(marks[hole], main) <= far)
            return false;
        for (var i = 0; i < marks.Length; i++)
        {
            if (i != hole && marks[i].Peak >= LeastPeak && Gap(marks[i], marks[hole]) <= far)
                return false;
        }
        return true;
    }

    private static int Gap(in Mark a, in Mark b) => Math.Max(a.GapAcross(b), a.GapDown(b));
}
