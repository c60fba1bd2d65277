namespace MnistApi.Imaging;

/// <summary>
/// What the ink stands on. Where the border has one level that is it. Elsewhere, in photographs, it is fitted: the picture
/// in some 32 cells, each replaced by the median of those around it, which follows uneven light and the edges of shadows; then
/// once more without the cells that hold ink.
/// </summary>
internal static class Ground
{
    private const float UniformShare = 0.8f; // of the border
    private const int LeastSide = 32; // smaller pictures are cut tight: too little ground to fit one
    private const int CellsASide = 32;
    private const int WideReach = 5; // cells on each side of one
    private const int NarrowReach = 3;
    private const int LeastCells = 8; // without ink, for a median of their own
    private const int InkInCell = 10; // grey levels from the ground

    /// <summary>Turns a plane of grey into one of ink, 0 ground to 255, with light or dark ink told by which side of the ground goes further.</summary>
    /// <exception cref="PictureException">Nothing stands out from the ground.</exception>
    public static void Remove(Plane plane, ref Steps steps)
    {
        var border = Border.Of(plane);
        Span<int> above = stackalloc int[256]; // how many pixels rise so far from the ground to the ink's side
        Span<int> below = stackalloc int[256]; // and to the other
        above.Clear();
        below.Clear();
        if (border.Uniform >= UniformShare || Math.Min(plane.Width, plane.Height) < LeastSide)
        {
            RemoveLevel(plane, border.Median, above, below, ref steps);
        }
        else
        {
            steps |= Steps.GroundFitted;
            RemoveFitted(plane, above, below, ref steps);
        }
        InkLevels.Of(above, below).Stretch(plane, ref steps);
    }

    private static void RemoveLevel(Plane plane, int ground, Span<int> above, Span<int> below, ref Steps steps)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        double lighter = 0, darker = 0;
        foreach (var pixel in plane.Pixels)
            histogram[pixel]++;
        for (var level = 0; level < 256; level++)
        {
            var weight = histogram[level] * Math.Pow(Math.Abs(level - ground), 3);
            lighter += level > ground ? weight : 0;
            darker += level < ground ? weight : 0;
        }
        var sign = lighter > darker ? 1 : -1;
        if (sign > 0)
            steps |= Steps.LightInk;
        Span<byte> ink = stackalloc byte[256];
        for (var level = 0; level < 256; level++)
        {
            var rise = sign * (level - ground);
            ink[level] = (byte)Math.Max(0, rise);
            if (rise >= 0)
                above[rise] += histogram[level];
            else
                below[-rise] += histogram[level];
        }
        foreach (ref var pixel in plane.Pixels)
            pixel = ink[pixel];
    }

    private static void RemoveFitted(Plane plane, Span<int> above, Span<int> below, ref Steps steps)
    {
        var cell = Math.Max(1, (Math.Max(plane.Width, plane.Height) + CellsASide - 1) / CellsASide);
        int columns = (plane.Width + cell - 1) / cell, rows = (plane.Height + cell - 1) / cell;
        var means = Means(plane, cell, columns, rows);
        var ground = Medians(means, columns, rows, WideReach, (_, _) => true, fallback: means);
        double lighter = 0, darker = 0;
        for (var i = 0; i < means.Length; i++)
        {
            var weight = Math.Pow(Math.Abs(means[i] - ground[i]), 3);
            lighter += means[i] > ground[i] ? weight : 0;
            darker += means[i] < ground[i] ? weight : 0;
        }
        var isLight = lighter > darker;
        if (isLight)
            steps |= Steps.LightInk;
        var first = ground;
        ground = Medians(means, columns, rows, NarrowReach, (i, _) => (isLight ? means[i] - first[i] : first[i] - means[i]) < InkInCell, fallback: first);
        Subtract(plane, ground, cell, columns, rows, isLight, above, below);
    }

    private static byte[] Means(Plane plane, int cell, int columns, int rows)
    {
        var means = new byte[columns * rows];
        var sums = new int[columns];
        for (var row = 0; row < rows; row++)
        {
            Array.Clear(sums);
            var bottom = Math.Min(plane.Height, (row + 1) * cell);
            for (var y = row * cell; y < bottom; y++)
            {
                var pixels = plane.Row(y);
                for (var column = 0; column < columns; column++)
                {
                    var sum = 0;
                    foreach (var pixel in pixels[(column * cell)..Math.Min(plane.Width, (column + 1) * cell)])
                        sum += pixel;
                    sums[column] += sum;
                }
            }
            for (var column = 0; column < columns; column++)
                means[row * columns + column] = (byte)(sums[column] / ((bottom - row * cell) * (Math.Min(plane.Width, (column + 1) * cell) - column * cell)));
        }
        return means;
    }

    /// <summary>The median around each cell of those that count.</summary>
    private static byte[] Medians(byte[] means, int columns, int rows, int reach, Func<int, int, bool> counts, byte[] fallback)
    {
        var medians = new byte[means.Length];
        Span<byte> around = stackalloc byte[(2 * WideReach + 1) * (2 * WideReach + 1)];
        for (var i = 0; i < means.Length; i++)
        {
            int column = i % columns, row = i / columns, found = 0;
            for (var y = Math.Max(0, row - reach); y <= Math.Min(rows - 1, row + reach); y++)
            {
                for (var x = Math.Max(0, column - reach); x <= Math.Min(columns - 1, column + reach); x++)
                {
                    if (counts(y * columns + x, i))
                        around[found++] = means[y * columns + x];
                }
            }
            if (found < LeastCells)
            {
                medians[i] = fallback[i];
                continue;
            }
            around[..found].Sort();
            medians[i] = around[found / 2];
        }
        return medians;
    }

    /// <summary>Each pixel's distance from the ground between the cells' middles: for dark ink as a share of the ground's light, which shadows leave as it is.</summary>
    private static void Subtract(Plane plane, byte[] ground, int cell, int columns, int rows, bool isLight, Span<int> above, Span<int> below)
    {
        for (var y = 0; y < plane.Height; y++)
        {
            var (top, bottom, down) = Between(y, cell, rows);
            var pixels = plane.Row(y);
            for (var x = 0; x < pixels.Length; x++)
            {
                var (left, right, across) = Between(x, cell, columns);
                var upper = ground[top * columns + left] + across * (ground[top * columns + right] - ground[top * columns + left]);
                var lower = ground[bottom * columns + left] + across * (ground[bottom * columns + right] - ground[bottom * columns + left]);
                var level = upper + down * (lower - upper);
                var rise = (int)(isLight ? pixels[x] - level : (level - pixels[x]) * 255 / Math.Max(level, 1));
                if (rise >= 0)
                    above[rise]++;
                else
                    below[Math.Min(-rise, 255)]++;
                pixels[x] = (byte)Math.Max(0, rise);
            }
        }
    }

    /// <summary>The two cells whose middles a pixel lies between, and how far from the first.</summary>
    private static (int First, int Second, float Share) Between(int pixel, int cell, int cells)
    {
        var at = Math.Clamp((pixel + 0.5f) / cell - 0.5f, 0, cells - 1);
        var first = (int)at;
        return (first, Math.Min(first + 1, cells - 1), at - first);
    }
}
