namespace MnistApi.Imaging;

/// <summary>
/// A sheet of paper on a dark table, photographed whole or in part, or a light card on a dark screen: what is written on it is dark, however much of
/// the picture is darker.
/// </summary>
internal static class Sheet
{
    private const int WrittenReach = 3; // cells: what is narrower than twice that is written on the sheet
    private const float Narrowest = 0.3f; // of the picture's longer side: no pen is as wide
    private const float EdgeShare = 0.9f; // of a card's edges: its corners may be round

    /// <summary>Whether there is one.</summary>
    public static bool IsOn(Plane plane)
    {
        using var means = Cells.MeansOf(plane, Cells.SideFor(plane));
        using var blank = Closing.Of(means, WrittenReach);
        return TwoLevels.Of(blank) is { AreSharp: true } levels && levels.Ink > levels.Ground && levels.Widest >= Narrowest
            && (TwoLevels.Of(plane) is { IsClean: false } || IsCard(means, (levels.Ground + levels.Ink) / 2));
    }

    /// <summary>Whether all that is light fills an upright rectangle but for something dark within: what a program made has no other sheets, but thick pens.</summary>
    private static bool IsCard(Plane means, int light)
    {
        int left = means.Width, right = -1, top = means.Height, bottom = -1;
        for (var y = 0; y < means.Height; y++)
        {
            var row = means.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                if (row[x] < light)
                    continue;
                (left, right) = (Math.Min(left, x), Math.Max(right, x));
                (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
            }
        }
        int edge = 0, lightEdge = 0, dark = 0;
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var isLight = means.Row(y)[x] >= light;
                if (y == top || y == bottom || x == left || x == right)
                    (edge, lightEdge) = (edge + 1, lightEdge + (isLight ? 1 : 0));
                else
                    dark += isLight ? 0 : 1;
            }
        }
        return dark > 0 && lightEdge >= EdgeShare * edge;
    }
}
