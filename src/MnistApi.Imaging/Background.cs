namespace MnistApi.Imaging;

/// <summary>
/// What the ink stands on, fitted to the light on the picture averaged over small cells: the picture without anything narrower than a
/// window. Strokes vanish; gradients and the edges of shadows stay. A program's canvas of one level is the trivial case.
/// </summary>
internal static class Background
{
    private const int MaxCells = 128; // a side: strokes of the thinnest pens are as wide as a cell
    private const float WindowShare = 0.3f; // of the longer side: with 0.2 thick brushes are lost, with 0.4 photographs in a lamp's light
    private const int MinWindow = 27; // cells: in pictures of 32 pixels, cut tight, narrower ones take strokes for background
    private const int MinLight = 160; // of 255: in deeper shadow a share of the light is mostly noise
    private const int DarkStrokes = 10; // one of so many cells of strokes is as dark as ink gets
    private const float NearInk = 0.2f; // of the way from there to the light: with 0.4 shadows in photographs are taken for ink
    private const int WholeWeight = 3; // to 1 for border and corners each: with 1, three digits that fill their squares come out light

    /// <summary>
    /// Exchanges light and dark where the ink is light, so that to all that follows ink is dark. There are two backgrounds, one for dark
    /// ink and one for light; the one that the picture goes away from less is right, and the ink lies on the side on which it goes further.
    /// </summary>
    public static bool Invert(Page page)
    {
        using var cells = Shrink.ToCells(page.Plane, CellOf(page.Plane));
        var forDark = Fit(cells);
        cells.Invert();
        var forLight = Fit(cells);
        var isLight = forDark.Departure <= forLight.Departure ? forDark.Balance > 0 : forLight.Balance < 0;
        (isLight ? forDark : forLight).Closed.Dispose();
        page.Background = (isLight ? forLight : forDark).Closed;
        if (isLight)
            page.Plane.Invert();
        return isLight;
    }

    /// <summary>
    /// Turns the page's grey into ink, the distance from the background as a share of its light, which shadows leave as it is; says whether
    /// the background was of more than one level.
    /// </summary>
    /// <exception cref="PictureException">Nothing stands out from the background.</exception>
    public static bool Remove(Page page)
    {
        var (plane, background) = (page.Plane, page.Background!.Value);
        var cell = CellOf(plane);
        Span<int> rises = stackalloc int[2 * byte.MaxValue + 1]; // how many pixels rise so far, from -255 to 255
        rises.Clear();
        for (var y = 0; y < plane.Height; y++)
        {
            Span<byte> row = plane.Row(y), levels = background.Row(y / cell);
            for (int x = 0, column = 0; x < row.Length; column++)
            {
                int level = levels[column];
                var share = (float)byte.MaxValue / Math.Max(level, MinLight);
                for (var end = Math.Min(x + cell, row.Length); x < end; x++)
                {
                    var rise = Math.Max(-byte.MaxValue, (int)((level - row[x]) * share));
                    row[x] = (byte)Math.Max(rise, 0);
                    if (rise != 0)
                        rises[byte.MaxValue + rise]++;
                }
            }
        }
        rises[byte.MaxValue] = plane.Pixels.Length - TensorPrimitives.Sum<int>(rises); // nearly all
        page.Levels = InkLevels.Of(rises);
        return background.Pixels.IndexOfAnyExcept(background.Pixels[0]) >= 0;
    }

    private static int CellOf(Plane plane) => Shrink.CellOf(plane.Width, plane.Height, MaxCells);

    /// <summary>
    /// The cells without dark strokes. Then, without what is light and narrow as well, how far the cells go away from that, in the mean,
    /// along the border and in the corners, and how uneven it is; and to which side, by the third power: little ink outweighs much grain.
    /// </summary>
    private static (Plane Closed, float Departure, long Balance) Fit(Plane cells)
    {
        var reach = Math.Max(MinWindow, (int)(cells.Longer * WindowShare)) / 2;
        var closed = CloseContinued(cells, reach);
        RaiseInk(closed, cells);
        using var background = Morphology.Open(closed, reach);
        var (whole, border, corners, unevenness, balance) = (0, 0, 0, 0, 0L);
        for (var y = 0; y < cells.Height; y++)
        {
            Span<byte> row = cells.Row(y), levels = background.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                var apart = row[x] - levels[x];
                bool isAtSide = x == 0 || x == row.Length - 1, isAtEnd = y == 0 || y == cells.Height - 1;
                whole += Math.Abs(apart);
                border += isAtSide || isAtEnd ? Math.Abs(apart) : 0;
                corners += isAtSide && isAtEnd ? Math.Abs(apart) : 0;
                unevenness += Math.Abs(levels[x] - background.Pixels[0]);
                balance += apart * apart * apart;
            }
        }
        var departure = (WholeWeight * whole + unevenness) / (float)cells.Pixels.Length
            + border / (2f * (cells.Width + cells.Height)) + corners / 4f;
        return (closed, departure, balance);
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
            Span<byte> edges = cells.Row(edgeY), mirrored = cells.Row(Math.Clamp(2 * edgeY - y + margin, 0, cells.Height - 1));
            var row = wider.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                var edgeX = Math.Clamp(x - margin, 0, cells.Width - 1);
                var within = mirrored[Math.Clamp(2 * edgeX - x + margin, 0, cells.Width - 1)];
                row[x] = (byte)Math.Clamp(2 * edges[edgeX] - within, 0, edges[edgeX]);
            }
        }
        using var closed = Morphology.Close(wider, reach);
        return closed.Part(new Box(margin, margin, margin + cells.Width, margin + cells.Height));
    }

    /// <summary>What is as dark as the strokes is no shadow: it is thick strokes, where they bend or end at the picture's edge.</summary>
    private static void RaiseInk(Plane background, Plane cells)
    {
        Span<int> strokes = stackalloc int[256]; // how many of their cells have each level
        strokes.Clear();
        for (var i = 0; i < cells.Pixels.Length; i++)
            strokes[cells.Pixels[i]] += background.Pixels[i] - cells.Pixels[i] >= InkLevels.MinContrast ? 1 : 0;
        var count = TensorPrimitives.Sum<int>(strokes);
        if (count == 0)
            return;
        var dark = InkLevels.OfRank(strokes, count / DarkStrokes);
        var light = TensorPrimitives.Max<byte>(background.Pixels);
        var limit = dark + (light - dark) * NearInk;
        foreach (ref var level in background.Pixels)
            level = level < limit ? light : level;
    }
}
