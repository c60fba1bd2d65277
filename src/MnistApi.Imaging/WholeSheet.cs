namespace MnistApi.Imaging;

/// <summary>
/// A sheet of paper that lies on something darker, whole or but for what goes on beyond one side of the picture: a note on a table, a card on a screen, a
/// light rectangle, upright or aslant, solid but for something dark and narrow on it. Or the same with light and dark exchanged, a program's canvas.
/// What is around it says nothing about the digit.
/// </summary>
internal static class WholeSheet
{
    private const int LeastSide = 64; // of the picture
    private const int Lighter = 40; // levels than the picture's border, or darker
    private const float LeastShare = 0.02f; // of the picture
    private const float LeastDark = 0.1f; // the same for a dark one: less is a button
    private const float MostShare = 0.95f;
    private const double LeastSeparation = 0.8; // between the sheet's levels and those around it
    private const float StrokeShare = 0.07f; // half of a stroke's width, of the sheet's shorter side
    private const int MostReach = 3; // cells: half of a stroke's width on a large sheet
    private const float LeastSolid = 0.33f; // of the shorter side: so large a square is all paper
    private const float LeastBlank = 0.45f; // the same, without anything on it, where strokes reach its edge
    private const int LeastWritten = 12; // levels that something on it is darker
    private const float MostAtEdge = 0.15f; // of the picture's border, that the sheet reaches
    private const float MostBeyond = 0.8f; // of the picture, where it goes on beyond one side: around more there is a frame
    private const int Trimmed = 1; // cells along the sheet's edge, where the light of both is mixed

    internal const byte Outside = Pieces.Outside, Inside = Pieces.Inside;

    /// <summary>Cuts it out of the picture, which stays as it is; null where there is none.</summary>
    /// <param name="plane">The picture.</param>
    /// <param name="origin">Receives where in it the new one begins.</param>
    public static Plane? Cut(Plane plane, out (int X, int Y) origin)
    {
        origin = default;
        if (Math.Min(plane.Width, plane.Height) < LeastSide)
            return null;
        var border = Border.Of(plane).Median;
        var isLight = ShareOf(plane, border, isDark: false) is >= LeastShare and <= MostShare;
        var isDark = ShareOf(plane, border, isDark: true) is >= LeastDark and <= MostShare;
        if (!isLight && !isDark)
            return null;
        var side = Cells.SideFor(plane);
        using var means = Cells.MeansOf(plane, side);
        if (isLight && Cut(plane, means, side, isDark: false, out origin) is { } sheet)
            return sheet;
        if (!isDark)
            return null;
        means.Invert();
        return Cut(plane, means, side, isDark: true, out origin);
    }

    private static Plane? Cut(Plane plane, Plane means, int side, bool isDark, out (int X, int Y) origin)
    {
        origin = default;
        if (TwoLevels.Of(means) is not { } levels)
            return null;
        var isSeparate = levels.Separation >= LeastSeparation && levels.Ink > levels.Ground;
        using var found = isSeparate ? FindWritten(means, (levels.Ground + levels.Ink) / 2, isDark) : null;
        using var shadowed = isDark || levels.IsClean ? null : ShadowedSheet.Find(means, found);
        if ((shadowed ?? found) is not { } written)
            return null;
        var (sheet, paper) = written;
        var inner = Box.Of(sheet, new Box(0, 0, sheet.Width, sheet.Height), Inside);
        origin = (inner.Left * side, inner.Top * side);
        if (isDark)
            paper.Invert();
        return Continued(plane, sheet, paper, inner, side);
    }

    /// <summary>A sheet with something on it, without its outermost cells, and the paper without what is on it.</summary>
    internal readonly record struct Written(Plane Sheet, Plane Paper) : IDisposable
    {
        public void Dispose()
        {
            Sheet.Dispose();
            Paper.Dispose();
        }
    }

    /// <summary>The largest sheet of what is so light; null where there is none, or nothing on it.</summary>
    internal static Written? FindWritten(Plane means, int light, bool isDark)
    {
        using var found = Find(means, light, isDark) ?? (isDark ? null : FindBehindStrokes(means, light));
        if (found is not { } sheet)
            return null;
        var box = Box.Of(sheet, new Box(0, 0, sheet.Width, sheet.Height), Inside);
        var shorter = Math.Min(box.Width, box.Height);
        var reach = Math.Clamp((int)(shorter * StrokeShare), 1, MostReach);
        using var bare = Closing.LeastOf(sheet, Trimmed);
        var paper = Closing.Of(means, reach);
        if (LargestSquare(sheet, paper, light) >= LeastSolid * shorter && IsWritten(bare, paper, means))
        {
            Outline.Of(sheet, box).Fill(sheet, Inside); // strokes that reach its edge make bays
            return new Written(Closing.LeastOf(sheet, Trimmed), paper);
        }
        paper.Dispose();
        return null;
    }

    /// <summary>How much of the picture is lighter than its border, or darker.</summary>
    private static float ShareOf(Plane plane, int border, bool isDark)
    {
        ReadOnlySpan<byte> pixels = plane.Pixels;
        var (from, to) = isDark ? (0, border - Lighter) : (border + Lighter, byte.MaxValue);
        if (from > to)
            return 0;
        var count = 0;
        foreach (var pixel in pixels)
            count += pixel >= from && pixel <= to ? 1 : 0;
        return count / (float)pixels.Length;
    }

    /// <summary>The sheet in cells, and what is on it; null where what is so light has no such shape.</summary>
    private static Plane? Find(Plane means, int light, bool isDark)
    {
        var sheet = Pieces.LargestOf(means, light);
        Pieces.FillHoles(sheet);
        var outline = Outline.Of(sheet, Box.Of(sheet, new Box(0, 0, sheet.Width, sheet.Height), Inside));
        if (IsMostlyInside(sheet) && (isDark ? outline.IsRectangle : outline.IsSheet))
            return sheet;
        sheet.Dispose();
        return null;
    }

    /// <summary>The same where strokes reach its edge and make bays in it; beside them it is blank, as no light digit is.</summary>
    private static Plane? FindBehindStrokes(Plane means, int light)
    {
        using var blank = Closing.Of(means, MostReach);
        if (Find(blank, light, isDark: false) is not { } sheet)
            return null;
        var box = Box.Of(sheet, new Box(0, 0, sheet.Width, sheet.Height), Inside);
        if (LargestSquare(sheet, means, light) >= LeastBlank * Math.Min(box.Width, box.Height))
            return sheet;
        sheet.Dispose();
        return null;
    }

    /// <summary>Whether most of its outline is in the picture: all but little, or all but what goes on beyond one side between two of the picture's corners. A shadow leaves one of those light.</summary>
    private static bool IsMostlyInside(Plane sheet)
    {
        int top = sheet.Row(0).Count(Inside), bottom = sheet.Row(sheet.Height - 1).Count(Inside), left = 0, right = 0;
        for (var y = 0; y < sheet.Height; y++)
        {
            left += sheet.Row(y)[0] / Inside;
            right += sheet.Row(y)[^1] / Inside;
        }
        if (top + bottom + left + right <= MostAtEdge * 2 * (sheet.Width + sheet.Height))
            return true;
        var sides = (top > 0 ? 1 : 0) + (bottom > 0 ? 1 : 0) + (left > 0 ? 1 : 0) + (right > 0 ? 1 : 0);
        return sides == 1 && sheet.Pixels.Count(Inside) <= MostBeyond * sheet.Pixels.Length;
    }

    /// <summary>The side of the largest square that is all light.</summary>
    private static int LargestSquare(Plane sheet, Plane paper, int light)
    {
        using var solid = new Plane(sheet.Width, sheet.Height);
        for (var i = 0; i < sheet.Pixels.Length; i++)
            solid.Pixels[i] = paper.Pixels[i] >= light ? sheet.Pixels[i] : Outside;
        return TwoLevels.LargestSquare(solid, Outside, isInkDark: false);
    }

    private static bool IsWritten(Plane sheet, Plane paper, Plane means)
    {
        for (var i = 0; i < sheet.Pixels.Length; i++)
        {
            if (sheet.Pixels[i] == Inside && paper.Pixels[i] - means.Pixels[i] >= LeastWritten)
                return true;
        }
        return false;
    }

    /// <summary>The part of the picture with the sheet, which goes on beyond its own edges as it is at them.</summary>
    private static Plane Continued(Plane plane, Plane sheet, Plane paper, Box box, int side)
    {
        var inner = new Plane(Math.Min(plane.Width - box.Left * side, box.Width * side), Math.Min(plane.Height - box.Top * side, box.Height * side));
        for (int y = 0, nearest = 0; y < inner.Height; y++)
        {
            var at = box.Top + y / side;
            nearest = sheet.Row(at).Contains(Inside) ? at : nearest; // rows without any may lie between two of its pieces
            int first = sheet.Row(nearest).IndexOf(Inside), last = sheet.Row(nearest).LastIndexOf(Inside);
            var levels = paper.Row(nearest);
            var row = inner.Row(y);
            if (at == nearest)
                plane.Row(box.Top * side + y).Slice(box.Left * side, row.Length).CopyTo(row);
            else
                row.Fill(levels[first]);
            row[..((first - box.Left) * side)].Fill(levels[first]);
            row[Math.Min(row.Length, (last + 1 - box.Left) * side)..].Fill(levels[last]);
        }
        return inner;
    }
}
