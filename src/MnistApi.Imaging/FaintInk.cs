namespace MnistApi.Imaging;

/// <summary>
/// Takes off what something fainter than the pen drew: a stamp, a cup's ring, a program's guides, what shows through from the sheet's back. It must be
/// clearly fainter, with nothing in between: a pencil's strokes and a brush's are of all levels.
/// </summary>
internal static class FaintInk
{
    private const int LeastSide = 64; // of the picture; in smaller ones soft edges are most of the digit
    private const int RidgeReach = 2; // pixels: what is as dark as whatever is so near is the middle of a stroke, not its edge
    private const float RidgeShare = 0.9f; // of the darkest so near
    private const int LeastLevel = 32; // of 255, what is looked at
    private const int MostFaint = 200; // of 255, the middle of the gap below the pen's own levels
    private const float Solid = 0.75f; // of a ridge's level, what it and its eight neighbours have on average unless the line is thin
    private const int HalfGap = 20; // levels on both sides, among which there must be hardly any
    private const float LeastFaintShare = 0.4f; // of the ink that stays, for what goes: the bar of a 5 in another colour is less
    private const float MostInGap = 0.15f; // of the fainter ridges
    private const float MostOfPenInGap = 0.06f; // of the pen's
    private const float ThinnestPen = 3; // pixels: a thinner one's level depends on its pressure and on how it lies on them; but not what is as wide as this
    private const float LeastWritten = 0.4f; // of the largest mark's length, or of the picture's, what the pen wrote in one piece
    private const float LeastRise = 0.2f; // of its width, the height of that: less is a line below the digit
    private const float LeastFurther = 0.07f; // of the longer side of what the pen wrote, that what is fainter reaches beyond it
    private const int LeastEdge = 2; // pixels, a stroke's soft edge

    /// <summary>Removes it; returns whether there was any.</summary>
    /// <param name="ink">0 ground to 255 ink.</param>
    public static bool Remove(Plane ink)
    {
        if (Math.Min(ink.Width, ink.Height) < LeastSide || !MayBeThere(ink) || Gap(ink) is not { } gap)
            return false;
        using var strong = new Plane(ink.Width, ink.Height);
        for (var i = 0; i < ink.Pixels.Length; i++)
            strong.Pixels[i] = ink.Pixels[i] >= gap ? ink.Pixels[i] : (byte)0;
        var width = StrokeWidth.Of(strong, new Box(0, 0, ink.Width, ink.Height));
        if (!CanBeDigit(strong, ink))
            return false;
        using var near = Closing.MostOf(strong, EdgeOf(ink, strong, width));
        using var faint = new Plane(ink.Width, ink.Height);
        int kept = 0, gone = 0;
        for (var i = 0; i < ink.Pixels.Length; i++)
        {
            var isKept = near.Pixels[i] > 0;
            faint.Pixels[i] = isKept ? (byte)0 : ink.Pixels[i];
            kept += isKept && ink.Pixels[i] >= LeastLevel ? 1 : 0;
            gone += !isKept && ink.Pixels[i] >= LeastLevel ? 1 : 0;
        }
        if (gone < LeastFaintShare * kept || (width < ThinnestPen && StrokeWidth.Of(faint, new Box(0, 0, ink.Width, ink.Height)) < ThinnestPen))
            return false;
        if (!GoesFurther(faint, strong))
            return false;
        for (var i = 0; i < ink.Pixels.Length; i++)
            ink.Pixels[i] -= faint.Pixels[i];
        return true;
    }

    /// <summary>Whether what the pen wrote is no mere dot or line: where strokes of a translucent pen cross it is as strong.</summary>
    private static bool CanBeDigit(Plane strong, Plane ink)
    {
        var written = DigitMarks.Main(Marks.Find(strong, DigitMarks.Threshold).All);
        var all = DigitMarks.Main(Marks.Find(ink, DigitMarks.Threshold).All);
        return written.Peak > 0 && written.Longer >= LeastWritten * Math.Min(all.Longer, Math.Min(ink.Width, ink.Height)) && written.Height >= LeastRise * written.Width;
    }

    /// <summary>Whether what is fainter reaches beyond the pen's strokes both to a side and up or down: a lighter part of the digit itself does not.</summary>
    private static bool GoesFurther(Plane faint, Plane strong)
    {
        var whole = new Box(0, 0, faint.Width, faint.Height);
        Box outer = Box.Of(faint, whole, DigitMarks.Threshold), inner = Box.Of(strong, whole, 1);
        var share = LeastFurther * inner.Longer;
        return Math.Max(inner.Left - outer.Left, outer.Right - inner.Right) >= share && Math.Max(inner.Top - outer.Top, outer.Bottom - inner.Bottom) >= share;
    }

    /// <summary>How far the soft edges of the pen's strokes reach, in pixels: twice as far as on average, a stroke at most.</summary>
    private static int EdgeOf(Plane ink, Plane strong, float width)
    {
        var most = Math.Max(LeastEdge, (int)width);
        using var near = Closing.MostOf(strong, most);
        int area = 0, soft = 0;
        for (var i = 0; i < ink.Pixels.Length; i++)
        {
            area += strong.Pixels[i] > 0 ? 1 : 0;
            soft += strong.Pixels[i] == 0 && near.Pixels[i] > 0 && ink.Pixels[i] >= LeastLevel ? 1 : 0;
        }
        var outline = 2 * area / width;
        return Math.Clamp((int)MathF.Ceiling(2 * soft / outline), LeastEdge, most);
    }

    /// <summary>Whether there is enough that is faint, were it no strokes' edges: of most drawings that is told at a glance.</summary>
    private static bool MayBeThere(Plane ink)
    {
        int faint = 0, pen = 0;
        foreach (var level in ink.Pixels)
        {
            faint += level is >= LeastLevel and <= MostFaint ? 1 : 0;
            pen += level > MostFaint ? 1 : 0;
        }
        return faint >= LeastFaintShare / 2 * pen; // half of a stroke at least is its middle
    }

    /// <summary>The highest level that parts the pen's strokes from fainter ones; null where none does.</summary>
    private static int? Gap(Plane ink)
    {
        Span<int> histogram = stackalloc int[256];
        CountRidges(ink, histogram);
        Span<int> below = stackalloc int[257]; // ridges below each level
        below[0] = 0;
        for (var level = 0; level < 256; level++)
            below[level + 1] = below[level] + histogram[level];
        for (var level = MostFaint; level >= LeastLevel + HalfGap; level--)
        {
            int faint = below[level - HalfGap], pen = below[256] - below[level + HalfGap], between = below[256] - faint - pen;
            if (pen > 0 && faint >= LeastFaintShare * pen && between <= MostInGap * faint && between <= MostOfPenInGap * pen)
                return level;
        }
        return null;
    }

    /// <summary>How many middles of strokes there are of each level.</summary>
    private static void CountRidges(Plane ink, Span<int> histogram)
    {
        using var darkest = Closing.MostOf(ink, RidgeReach);
        histogram.Clear();
        for (var y = 0; y < ink.Height; y++)
        {
            ReadOnlySpan<byte> row = ink.Row(y), most = darkest.Row(y);
            for (var x = 0; ; x++)
            {
                var next = row[x..].IndexOfAnyInRange((byte)LeastLevel, byte.MaxValue);
                if (next < 0)
                    break;
                x += next;
                if (row[x] >= RidgeShare * most[x])
                    histogram[LevelAt(ink, x, y)]++;
                if (x == row.Length - 1)
                    break;
            }
        }
    }

    /// <summary>Of a ridge's line: of one thinner than three pixels, whose level depends on how it lies on them, all across it.</summary>
    private static int LevelAt(Plane ink, int x, int y)
    {
        int from = Math.Max(0, x - 1), to = Math.Min(ink.Width, x + 2), sum = 0;
        for (var other = Math.Max(0, y - 1); other < Math.Min(ink.Height, y + 2); other++)
        {
            foreach (var level in ink.Row(other)[from..to])
                sum += level;
        }
        var ridge = ink.Row(y)[x];
        return sum >= 9 * Solid * ridge ? ridge : Math.Clamp(sum / 3, ridge, byte.MaxValue);
    }
}
