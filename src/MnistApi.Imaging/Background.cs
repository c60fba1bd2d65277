namespace MnistApi.Imaging;

/// <summary>
/// What the ink stands on, fitted to the light on the picture averaged over small cells: the picture without anything narrower than a
/// window. Strokes vanish; gradients and the edges of shadows stay. A program's canvas of one level is the trivial case.
/// </summary>
internal static class Background
{
    private const float WindowShare = 0.3f; // of the longer side: at 0.2 strokes of thick brushes stay, at 0.4 the light of seven photographs
    private const int MinWindow = 27; // cells: in pictures of 32 pixels, cut tight, narrower ones take strokes for background
    private const int WholeWeight = 3; // of the whole picture's departure, with 1 for the border's and 1 for the corners': right in 6,105 of 6,105 but a few

    /// <summary>Exchanges light and dark where the ink is light, so that to all that follows ink is dark.</summary>
    public static bool Invert(Page page)
    {
        using var cells = Cells.MeansOf(page.Plane, Cells.SideFor(page.Plane));
        if (!IsInkLight(cells))
            return false;
        page.Plane.Invert();
        return true;
    }

    /// <summary>Turns the page's grey into ink; says whether the background was of more than one level.</summary>
    /// <exception cref="PictureException">Nothing stands out from the background.</exception>
    public static bool Remove(Page page)
    {
        var cell = Cells.SideFor(page.Plane);
        using var cells = Cells.MeansOf(page.Plane, cell);
        using var background = CloseContinued(cells, ReachFor(cells));
        using var min = Morphology.Erode(background, 1);
        using var max = Morphology.Dilate(background, 1);
        Span<int> above = stackalloc int[256], below = stackalloc int[256];
        above.Clear();
        below.Clear();
        Subtract(page.Plane, min, max, cell, above, below);
        page.Levels = InkLevels.Of(above, below);
        return background.Pixels.IndexOfAnyExcept(background.Pixels[0]) >= 0;
    }

    private static int ReachFor(Plane cells) => Math.Max(MinWindow, (int)(cells.Longer * WindowShare)) / 2;

    /// <summary>
    /// Of two backgrounds, the one that loses dark strokes first and the one that loses light ones first, that one is right which the
    /// picture goes away from less. The ink is on the side on which the picture goes further away from it: by the third power, so that
    /// little ink outweighs much grain.
    /// </summary>
    private static bool IsInkLight(Plane cells)
    {
        var reach = ReachFor(cells);
        using var closed = Morphology.Close(cells, reach);
        using var withoutDark = Morphology.Open(closed, reach);
        using var opened = Morphology.Open(cells, reach);
        using var withoutLight = Morphology.Close(opened, reach);
        var background = Departure(cells, withoutDark) <= Departure(cells, withoutLight) ? withoutDark : withoutLight;
        long balance = 0;
        for (var i = 0; i < cells.Pixels.Length; i++)
        {
            var apart = cells.Pixels[i] - background.Pixels[i];
            balance += apart * apart * apart;
        }
        return balance > 0;
    }

    /// <summary>How far the picture goes away from a background: in the mean, along the border, where there is least ink, and in the corners.</summary>
    private static float Departure(Plane cells, Plane background)
    {
        int whole = 0, border = 0, corners = 0;
        for (var y = 0; y < cells.Height; y++)
        {
            ReadOnlySpan<byte> row = cells.Row(y), levels = background.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                var apart = Math.Abs(row[x] - levels[x]);
                bool isAtSide = x == 0 || x == row.Length - 1, isAtEnd = y == 0 || y == cells.Height - 1;
                whole += apart;
                border += isAtSide || isAtEnd ? apart : 0;
                corners += isAtSide && isAtEnd ? apart : 0;
            }
        }
        return WholeWeight * whole / (float)cells.Pixels.Length + border / (2f * (cells.Width + cells.Height)) + corners / 4f;
    }

    /// <summary>
    /// The closing of the cells, continued beyond the picture's edges so that a gradient does not end there: as much below the edge's level
    /// as within it is above, never more than the edge's. A small picture that the window nearly covers has no room for gradients.
    /// </summary>
    private static Plane CloseContinued(Plane cells, int reach)
    {
        var margin = Math.Clamp(cells.Longer - 2 * reach - 1, 0, reach);
        using var wider = new Plane(cells.Width + 2 * margin, cells.Height + 2 * margin);
        for (var y = 0; y < wider.Height; y++)
        {
            var edgeY = Math.Clamp(y - margin, 0, cells.Height - 1);
            ReadOnlySpan<byte> edgeRow = cells.Row(edgeY), mirroredRow = cells.Row(Mirrored(y - margin, edgeY, cells.Height));
            var row = wider.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                var edgeX = Math.Clamp(x - margin, 0, cells.Width - 1);
                var edge = edgeRow[edgeX];
                row[x] = (byte)Math.Clamp(2 * edge - mirroredRow[Mirrored(x - margin, edgeX, cells.Width)], 0, edge);
            }
        }
        using var closed = Morphology.Close(wider, reach);
        var within = new Plane(cells.Width, cells.Height);
        for (var y = 0; y < within.Height; y++)
            closed.Row(y + margin).Slice(margin, within.Width).CopyTo(within.Row(y));
        return within;
    }

    private static int Mirrored(int at, int edge, int length) => Math.Clamp(2 * edge - at, 0, length - 1);

    /// <summary>
    /// Each pixel's distance from the background between the cells' middles, as a share of its light, which shadows leave as it is.
    /// Whatever lies between the minimum and the maximum that the background has nearby is background: at a shadow's edge it is both.
    /// </summary>
    private static void Subtract(Plane plane, Plane toInk, Plane fromInk, int cell, Span<int> above, Span<int> below)
    {
        using var near = new Surface(toInk, cell, plane.Width);
        using var far = new Surface(fromInk, cell, plane.Width);
        for (var y = 0; y < plane.Height; y++)
        {
            var pixels = plane.Row(y);
            ReadOnlySpan<float> nearRow = near.Row(y), farRow = far.Row(y);
            for (var x = 0; x < pixels.Length; x++)
            {
                var rise = (nearRow[x] - pixels[x]) * byte.MaxValue / Math.Max(nearRow[x], 1);
                var fall = (pixels[x] - farRow[x]) * byte.MaxValue / Math.Max(farRow[x], 1);
                pixels[x] = (byte)Math.Clamp(rise, 0, byte.MaxValue);
                if (rise > -1) // which is 0 once it is cut off
                    above[pixels[x]]++;
                else
                    below[(int)Math.Clamp(fall, 0, byte.MaxValue)]++;
            }
        }
    }
}
