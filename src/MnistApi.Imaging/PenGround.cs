namespace MnistApi.Imaging;

/// <summary>
/// The ground right beside the strokes of a thin pen: with a hard shadow, a coin, a fingertip or a highlighter's band in it, whatever is wider than
/// those strokes and none itself. A closing with so narrow a window that only the strokes vanish.
/// </summary>
internal static class PenGround
{
    private const int LeastSide = 64; // cells
    private const int LeastSolid = 32; // of 255: fainter things do no harm
    private const int FewCells = 30; // of a pen's strokes, that are its darkest
    private const int FewestCells = 3; // of what is wider
    private const float Lasting = 0.85f; // of its darkness, what is wider has in the next wider window too; strokes as wide as the window have not
    private const float Fainter = 0.8f; // times as dark as the pen something is that the pen wrote over
    private const float Darkest = 1.33f; // times as dark, a shadow or a thing beside the digit
    private const float LeastInOne = 0.5f; // of what is written, in one piece: a thick stroke is left in many
    private const float MostRule = 4; // widths of a digit's height: more has a line below something
    private const float LeastInBox = 0.4f; // of a box's longer side: it may be the digit, and the pen drew the box
    private const int EdgeCells = 2; // from the picture's edge, for what goes on beyond it
    private const float LeastThing = 2.5f; // windows a side, of a thing beside the digit
    private const float LeastFilled = 0.7f; // of its box
    private const float MostAspect = 2.5f;

    /// <summary>The ground in the narrowest window that will do; null where there is nothing wide, or it may be the pen's.</summary>
    /// <param name="means">The picture averaged over cells, dark ink on light ground.</param>
    /// <param name="wide">Its ground without anything narrower than a fifth of the picture.</param>
    /// <param name="isPhotograph">Whether there may be shadows in it; in a drawing the fainter strokes are the digit's as well.</param>
    public static Plane? Of(Plane means, Plane wide, bool isPhotograph)
    {
        if (Math.Min(means.Width, means.Height) < LeastSide)
            return null;
        using var all = Fall(wide, means);
        var mostSolid = (isPhotograph ? Darkest : Fainter) * LevelOf(FewCells, all); // no pen is darker than all there is
        ReadOnlySpan<int> reaches = [2, 3, 4, 6, 9]; // cells
        var ground = Continuation.ClosingOf(means, reaches[0]);
        for (var i = 1; i < reaches.Length; i++)
        {
            using var solid = Fall(wide, ground);
            var darkest = LevelOf(FewestCells, solid);
            if (darkest < LeastSolid)
                break;
            var next = Continuation.ClosingOf(means, reaches[i]);
            if (darkest <= mostSolid && IsLasting(wide, next, darkest) && IsBesideStrokes(ground, means, solid, darkest, 2 * reaches[i - 1] + 1, isPhotograph))
            {
                next.Dispose();
                return ground;
            }
            ground.Dispose();
            ground = next;
        }
        ground.Dispose();
        return null;
    }

    private static bool IsLasting(Plane wide, Plane next, int darkest)
    {
        using var solid = Fall(wide, next);
        return LevelOf(FewestCells, solid) >= Lasting * darkest;
    }

    private static bool IsBesideStrokes(Plane ground, Plane means, Plane solid, int darkest, int window, bool isPhotograph)
    {
        using var strokes = Fall(ground, means);
        var pen = LevelOf(FewCells, strokes);
        if (darkest > Darkest * pen || LevelOf(strokes.Pixels.Length / 2, strokes) >= LeastSolid)
            return false;
        var written = Marks.Find(strokes, (byte)(pen / 2));
        var digit = written.Largest;
        if (!DigitMarks.IsWithin(digit, strokes) || digit.Area < LeastInOne * written.All.Sum(mark => mark.Area))
            return false;
        var isFainter = darkest <= Fainter * pen;
        var isAnywhere = isPhotograph && isFainter && digit.Width <= MostRule * digit.Height;
        foreach (var mark in Marks.Find(solid, (byte)Math.Max(LeastSolid, darkest / 2)).All)
        {
            if (!isPhotograph && !isFainter && !ReachesEdge(mark, solid))
                return false;
            if (isAnywhere ? mark.IsWithin(digit) && mark.Longer >= LeastInBox * digit.Longer : !ReachesEdge(mark, solid) && !IsThing(mark, digit, window))
                return false;
        }
        return true;
    }

    /// <summary>Whether it goes on beyond the picture. It need not touch the edge: there the wide ground is that of the thing itself.</summary>
    private static bool ReachesEdge(in Mark mark, Plane solid) =>
        mark.Left <= EdgeCells || mark.Top <= EdgeCells || mark.Right >= solid.Width - EdgeCells || mark.Bottom >= solid.Height - EdgeCells;

    /// <summary>A coin, a button, an eraser, beside the digit.</summary>
    private static bool IsThing(in Mark mark, in Mark digit, int window) =>
        Math.Min(mark.Width, mark.Height) >= LeastThing * window && mark.IsSolid(LeastFilled, MostAspect) && (mark.GapAcross(digit) >= 0 || mark.GapDown(digit) >= 0);

    /// <summary>How far the second lies below the first, as a share of it.</summary>
    private static Plane Fall(Plane from, Plane to)
    {
        const int Bits = 16;
        Span<int> shares = stackalloc int[256]; // of a level of 255, in so many bits after the point
        for (var level = 0; level < shares.Length; level++)
            shares[level] = (byte.MaxValue << Bits) / Math.Max(level, 1);
        var fall = new Plane(from.Width, from.Height);
        ReadOnlySpan<byte> upper = from.Pixels, lower = to.Pixels;
        var falls = fall.Pixels;
        for (var i = 0; i < falls.Length; i++)
            falls[i] = (byte)((Math.Max(0, upper[i] - lower[i]) * shares[upper[i]]) >> Bits);
        return fall;
    }

    /// <summary>The highest level that so many cells reach.</summary>
    private static int LevelOf(int cells, Plane plane)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        foreach (var level in plane.Pixels)
            histogram[level]++;
        return InkLevels.LevelAbove(histogram, cells - 1);
    }
}
