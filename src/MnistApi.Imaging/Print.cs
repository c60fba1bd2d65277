namespace MnistApi.Imaging;

/// <summary>Print beside the digit, a label, a receipt's lines: low, and of many upright strokes side by side.</summary>
internal static class Print
{
    private const float HighestShare = 0.5f; // of the digit's height
    private const int LeastStrokes = 5; // in a row of pixels: more than a digit's part has
    private const float LeastDense = 1.5f; // strokes in as much of a line as it is high
    private const float LeastUpright = 2; // of their widths, the strokes' heights; a dotted digit's dots are as high as wide
    private const float SameHeight = 1.5f; // of other marks in the same line

    /// <summary>Leaves out the marks that are print.</summary>
    /// <param name="marks">All there are.</param>
    /// <param name="digit">The one that is the digit's largest.</param>
    /// <param name="ink">The picture.</param>
    /// <param name="isKept">Those that may be the digit's.</param>
    public static void Drop(ReadOnlySpan<Mark> marks, int digit, Plane ink, bool[] isKept)
    {
        for (var i = 0; i < marks.Length; i++)
        {
            if (i == digit || marks[i].Height > HighestShare * marks[digit].Height || !IsPrint(marks[i], ink))
                continue;
            for (var other = 0; other < marks.Length; other++)
                isKept[other] &= other == digit || !IsInLine(marks[other], marks[i]);
        }
    }

    private static bool IsInLine(in Mark mark, in Mark print) =>
        2 * -mark.GapDown(print) >= mark.Height && mark.Height <= SameHeight * print.Height;

    /// <summary>Told by the row that crosses most strokes.</summary>
    private static bool IsPrint(in Mark mark, Plane ink)
    {
        var threshold = (byte)(mark.Peak / 2);
        int strokes = 0, row = mark.Top;
        for (var y = mark.Top; y < mark.Bottom; y++)
        {
            var count = Count(ink.Row(y)[mark.Left..mark.Right], threshold);
            if (count > strokes)
                (strokes, row) = (count, y);
        }
        if (strokes < Math.Max(LeastStrokes, LeastDense * mark.Width / mark.Height))
            return false;
        var widths = 0;
        var heights = 0;
        foreach (var (from, to) in Strokes(mark, ink, row, threshold))
        {
            widths += to - from;
            heights += HeightOf((from + to) / 2, mark, ink, row, threshold);
        }
        return heights >= LeastUpright * widths;
    }

    private static int Count(ReadOnlySpan<byte> row, byte threshold)
    {
        var (count, isInk) = (0, false);
        foreach (var level in row)
        {
            count += level >= threshold && !isInk ? 1 : 0;
            isInk = level >= threshold;
        }
        return count;
    }

    private static List<(int From, int To)> Strokes(in Mark mark, Plane ink, int y, byte threshold)
    {
        var strokes = new List<(int, int)>();
        var row = ink.Row(y);
        for (var x = mark.Left; x < mark.Right; x++)
        {
            var from = x;
            while (x < mark.Right && row[x] >= threshold)
                x++;
            if (x > from)
                strokes.Add((from, x));
        }
        return strokes;
    }

    private static int HeightOf(int x, in Mark mark, Plane ink, int y, byte threshold)
    {
        int top = y, bottom = y + 1;
        while (top > mark.Top && ink.Row(top - 1)[x] >= threshold)
            top--;
        while (bottom < mark.Bottom && ink.Row(bottom)[x] >= threshold)
            bottom++;
        return bottom - top;
    }
}
