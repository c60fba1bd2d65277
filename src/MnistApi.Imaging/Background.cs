using System.Numerics.Tensors;

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

    /// <summary>Turns the page's grey into ink; says whether the background was of more than one level.</summary>
    /// <exception cref="PictureException">Nothing stands out from the background.</exception>
    public static bool Remove(Page page)
    {
        var background = page.Background!.Value;
        Span<int> above = stackalloc int[256], below = stackalloc int[256];
        above.Clear();
        below.Clear();
        Subtract(page.Plane, background, CellOf(page.Plane), above, below);
        page.Levels = InkLevels.Of(above, below);
        return background.Pixels.IndexOfAnyExcept(background.Pixels[0]) >= 0;
    }

    private static int CellOf(Plane plane) => Shrink.CellOf(plane.Width, plane.Height, MaxCells);

    /// <summary>
    /// The cells without dark strokes. Then, without what is light and narrow as well, how far the cells go away from that, and to which
    /// side: by the third power, so that little ink outweighs much grain.
    /// </summary>
    private static (Plane Closed, float Departure, long Balance) Fit(Plane cells)
    {
        var reach = Math.Max(MinWindow, (int)(cells.Longer * WindowShare)) / 2;
        var closed = CloseContinued(cells, reach);
        RaiseInk(closed, cells);
        using var background = Morphology.Open(closed, reach);
        long balance = 0;
        for (var i = 0; i < cells.Pixels.Length; i++)
        {
            var apart = cells.Pixels[i] - background.Pixels[i];
            balance += apart * apart * apart;
        }
        return (closed, Departure(cells, background), balance);
    }

    /// <summary>
    /// How far a picture goes away from a background, in the mean, along the border and in the corners, and how uneven the background is.
    /// </summary>
    private static float Departure(Plane cells, Plane background)
    {
        int whole = 0, border = 0, corners = 0, unevenness = 0, edge = background.Pixels[0];
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
                unevenness += Math.Abs(levels[x] - edge);
            }
        }
        return (WholeWeight * whole + unevenness) / (float)cells.Pixels.Length
            + border / (2f * (cells.Width + cells.Height)) + corners / 4f;
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

    /// <summary>What is as dark as the strokes is no shadow: it is thick strokes, where they bend or end at the picture's edge.</summary>
    private static void RaiseInk(Plane background, Plane cells)
    {
        Span<int> histogram = stackalloc int[256]; // of the strokes
        histogram.Clear();
        for (var i = 0; i < cells.Pixels.Length; i++)
            histogram[cells.Pixels[i]] += background.Pixels[i] - cells.Pixels[i] >= InkLevels.MinContrast ? 1 : 0;
        var strokes = TensorPrimitives.Sum<int>(histogram);
        var dark = Histogram.LevelBelow(histogram, strokes / DarkStrokes);
        var light = TensorPrimitives.Max<byte>(background.Pixels);
        var limit = dark + (light - dark) * NearInk;
        for (var i = 0; i < cells.Pixels.Length && strokes > 0; i++)
            background.Pixels[i] = background.Pixels[i] < limit ? light : background.Pixels[i];
    }

    private static int Mirrored(int at, int edge, int length) => Math.Clamp(2 * edge - at, 0, length - 1);

    /// <summary>Each pixel's distance from the background, as a share of its light, which shadows leave as it is.</summary>
    private static void Subtract(Plane plane, Plane background, int cell, Span<int> above, Span<int> below)
    {
        Span<float> upper = stackalloc float[plane.Width], lower = stackalloc float[plane.Width], levels = stackalloc float[plane.Width];
        Span<int> rises = stackalloc int[plane.Width];
        var widened = -1; // the row of cells that the upper ones are of
        for (var y = 0; y < plane.Height; y++)
        {
            var (row, down) = Between(y, cell, background.Height);
            if (row != widened)
            {
                Widen(background.Row(row), cell, upper);
                Widen(background.Row(Math.Min(row + 1, background.Height - 1)), cell, lower);
                widened = row;
            }
            var pixels = plane.Row(y);
            TensorPrimitives.Lerp(upper, lower, down, levels);
            TensorPrimitives.ConvertTruncating<byte, int>(pixels, rises);
            Rise(levels, rises);
            for (var x = 0; x < pixels.Length; x++)
            {
                var rise = rises[x];
                pixels[x] = (byte)Math.Max(rise, 0);
                if (rise > 0)
                    above[rise]++;
                else if (rise < 0)
                    below[-rise]++;
            }
        }
        above[0] = plane.Pixels.Length - TensorPrimitives.Sum<int>(above) - TensorPrimitives.Sum<int>(below); // the rest, nearly all
    }

    /// <summary>255 (level - pixel) / level, rounded, from -255 to 255, in place of the pixels.</summary>
    private static void Rise(Span<float> levels, Span<int> pixels)
    {
        Span<float> rise = stackalloc float[pixels.Length];
        TensorPrimitives.ConvertTruncating<int, float>(pixels, rise);
        TensorPrimitives.Subtract(levels, rise, rise);
        TensorPrimitives.Max(levels, MinLight, levels);
        TensorPrimitives.Multiply(rise, byte.MaxValue, rise);
        TensorPrimitives.Divide(rise, levels, rise);
        TensorPrimitives.Max(rise, -byte.MaxValue, rise);
        TensorPrimitives.Round(rise, rise);
        TensorPrimitives.ConvertTruncating<float, int>(rise, pixels);
    }

    /// <summary>A row of cells at every pixel between the cells' middles.</summary>
    private static void Widen(ReadOnlySpan<byte> cells, int cell, Span<float> pixels)
    {
        for (var x = 0; x < pixels.Length; x++)
        {
            var (first, share) = Between(x, cell, cells.Length);
            pixels[x] = cells[first] + share * (cells[Math.Min(first + 1, cells.Length - 1)] - cells[first]);
        }
    }

    /// <summary>The first of the two cells whose middles a pixel lies between, and how far from it.</summary>
    private static (int First, float Share) Between(int pixel, int cell, int cells)
    {
        var at = Math.Clamp((pixel + 0.5f) / cell - 0.5f, 0, cells - 1);
        return ((int)at, at - (int)at);
    }
}
