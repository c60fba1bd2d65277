namespace MnistApi.Imaging;

/// <summary>
/// Greys that were made of black and white dots, as fax machines and programs do that save one bit a pixel. The eye averages them; without that
/// every dot is a mark.
/// </summary>
internal static class Dither
{
    private const int LeastSide = 32;
    private const float LeastDots = 0.008f; // of the pixels, that stand alone; specks are fewer
    private const int RowsApart = 4; // of those that are looked at
    private const int Window = 4; // pixels a side: screens repeat after as many, and the dots of a tenth are three apart

    /// <summary>Averages the dots; returns whether there are any.</summary>
    public static bool Smooth(Plane plane)
    {
        if (Math.Min(plane.Width, plane.Height) < LeastSide || Dots(plane) * RowsApart < LeastDots * plane.Pixels.Length)
            return false;
        using var across = new Plane(plane.Width, plane.Height);
        for (var y = 0; y < plane.Height; y++)
            Average(plane.Row(y), across.Row(y));
        Span<byte> column = stackalloc byte[plane.Height];
        Span<byte> smooth = stackalloc byte[plane.Height];
        for (var x = 0; x < plane.Width; x++)
        {
            for (var y = 0; y < column.Length; y++)
                column[y] = across.Pixels[y * plane.Width + x];
            Average(column, smooth);
            for (var y = 0; y < column.Length; y++)
                plane.Pixels[y * plane.Width + x] = smooth[y];
        }
        return true;
    }

    /// <summary>Pixels that are far from all four neighbours, and on the same side; in every fourth row.</summary>
    private static int Dots(Plane plane)
    {
        const int Far = 48; // levels: large pictures come averaged already
        var dots = 0;
        for (var y = 1; y < plane.Height - 1; y += RowsApart)
        {
            ReadOnlySpan<byte> above = plane.Row(y - 1), row = plane.Row(y), below = plane.Row(y + 1);
            for (var x = 1; x < row.Length - 1; x++)
            {
                int darkest = Math.Min(Math.Min(row[x - 1], row[x + 1]), Math.Min(above[x], below[x])), lightest = Math.Max(Math.Max(row[x - 1], row[x + 1]), Math.Max(above[x], below[x]));
                dots += darkest - row[x] >= Far || row[x] - lightest >= Far ? 1 : 0;
            }
        }
        return dots;
    }

    private static void Average(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            int first = Math.Max(0, i - Window / 2), last = Math.Min(from.Length, first + Window) - 1, sum = 0;
            for (var other = first; other <= last; other++)
                sum += from[other];
            to[i] = (byte)(sum / (last - first + 1));
        }
    }
}
