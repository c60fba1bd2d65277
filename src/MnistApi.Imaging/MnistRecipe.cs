namespace MnistApi.Imaging;

/// <summary>
/// What made MNIST: the ink's bounding box, squared, averaged over areas to 20x20, stretched to full ink, and pasted into 28x28 with its
/// centre of mass in the middle. A 28x28 picture that has these measures, light ink on black, is one of MNIST's or made like them.
/// </summary>
internal static class MnistRecipe
{
    /// <summary>The digit's longer side in MNIST.</summary>
    public const int BoxSide = 20;

    /// <summary>A digit's box is taken where its ink is above about a tenth: what JPEG leaves on white paper is below.</summary>
    public const byte Threshold = 26;

    private const int MinLonger = BoxSide - 2; // pixels; MNIST's own are 19 or 20 long
    private const int MaxLonger = BoxSide + 2;
    private const byte MinPeak = 200; // MNIST's is 254 at least
    private const float FromMiddle = 1; // pixels; MNIST's own lie within half a one of the middle
    private const float Middle = MnistImage.Width / 2f + 0.5f; // of the centres of mass in MNIST, which lie in [14, 15)

    /// <summary>Takes such a picture as it is; nothing was done to it.</summary>
    public static bool Pass(Page page)
    {
        var plane = page.Plane;
        if (plane.Width != MnistImage.Width || plane.Height != MnistImage.Height || Box.Of(plane, 1).Longer is < MinLonger or > MaxLonger
            || Box.Of(plane, MinPeak).Longer <= 0)
        {
            return false;
        }
        var (x, y) = CentreOfMass(plane.Pixels, plane.Width);
        if (Math.Abs(x - Middle) <= FromMiddle && Math.Abs(y - Middle) <= FromMiddle)
            page.Finish(plane.Part(Box.Of(plane)));
        return false;
    }

    /// <summary>Averages the whole picture over 28x28 equal areas, stretched where it is not square, if only that was asked for.</summary>
    public static bool Resize(Page page)
    {
        if (page.Preprocess != Preprocess.None)
            return false;
        var resized = new Plane(MnistImage.Width, MnistImage.Height);
        Average(page.Plane, MnistImage.Width, resized.Pixels);
        page.Finish(resized);
        return page.Plane.Width != MnistImage.Width || page.Plane.Height != MnistImage.Height;
    }

    /// <summary>Makes the page's digits into MNIST's.</summary>
    public static bool Apply(Page page)
    {
        Span<float> square = stackalloc float[BoxSide * BoxSide];
        Span<byte> small = stackalloc byte[BoxSide * BoxSide];
        foreach (var digit in page.Digits)
        {
            var box = Box.Of(digit.Ink, Threshold);
            var cell = box.Longer / (float)BoxSide; // pixels a cell
            // whole cells on either side: what was of 20 pixels before, at whatever scale, falls into the same cells again
            var besides = MathF.Floor((box.Longer - box.Width) / (2 * cell)) * cell;
            var above = MathF.Floor((box.Longer - box.Height) / (2 * cell)) * cell;
            Average(digit.Ink, box.Left - besides, box.Top - above, cell, cell, BoxSide, square);
            ToBytes(square, MnistImage.FullInk / TensorPrimitives.Max<float>(square), small);
            digit.Replace(Centred(small));
        }
        page.IsRead = true;
        return true;
    }

    /// <summary>Averages a whole picture over equal areas, so many in a row.</summary>
    public static void Average(Plane plane, int columns, Span<byte> result)
    {
        var levels = new float[result.Length];
        var rows = result.Length / columns;
        Average(plane, 0, 0, plane.Width / (float)columns, plane.Height / (float)rows, columns, levels);
        ToBytes(levels, 1, result);
    }

    /// <summary>Averages over cells of equal size, each pixel spread over those it overlaps; beyond the picture is background.</summary>
    private static void Average(Plane plane, float startX, float startY, float cellWidth, float cellHeight, int columns, Span<float> result)
    {
        result.Clear();
        Span<float> cells = stackalloc float[columns];
        var rows = result.Length / columns;
        var firstRow = Math.Max(0, (int)MathF.Floor(startY));
        var lastRow = Math.Min(plane.Height - 1, (int)MathF.Ceiling(startY + rows * cellHeight) - 1);
        for (var y = firstRow; y <= lastRow; y++)
        {
            SumCells(plane.Row(y), startX, cellWidth, cells);
            var from = (y - startY) / cellHeight;
            var to = (y + 1 - startY) / cellHeight;
            for (var row = Math.Max(0, (int)from); row < rows && row < to; row++)
            {
                var share = Math.Min(to, row + 1) - Math.Max(from, row); // of this cell's height
                var sums = result.Slice(row * columns, columns);
                TensorPrimitives.MultiplyAdd(cells, share, sums, sums);
            }
        }
    }

    /// <summary>One row's mean over each cell's width.</summary>
    private static void SumCells(ReadOnlySpan<byte> row, float start, float cell, Span<float> cells)
    {
        for (var column = 0; column < cells.Length; column++)
        {
            var from = Math.Max(0, start + column * cell);
            var to = Math.Min(row.Length, start + (column + 1) * cell);
            var sum = 0f;
            for (var x = (int)from; x < to; x++)
                sum += row[x] * (Math.Min(to, x + 1) - Math.Max(from, x));
            cells[column] = sum / cell;
        }
    }

    private static void ToBytes(ReadOnlySpan<float> levels, float scale, Span<byte> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = (byte)MathF.Round(levels[i] * scale);
    }

    /// <summary>Puts the centre of mass into the middle, as far as it lies off it in all of MNIST's pictures.</summary>
    private static Plane Centred(ReadOnlySpan<byte> small)
    {
        var (x, y) = CentreOfMass(small, BoxSide);
        var left = Math.Clamp((int)(Middle + 0.5f - x), 0, MnistImage.Width - BoxSide);
        var top = Math.Clamp((int)(Middle + 0.5f - y), 0, MnistImage.Height - BoxSide);
        var result = new Plane(MnistImage.Width, MnistImage.Height);
        result.Pixels.Clear();
        for (var row = 0; row < BoxSide; row++)
            small.Slice(row * BoxSide, BoxSide).CopyTo(result.Row(top + row)[left..]);
        return result;
    }

    /// <summary>In pixels from the upper left corner.</summary>
    private static (float X, float Y) CentreOfMass(ReadOnlySpan<byte> pixels, int width)
    {
        int mass = 0, sumX = 0, sumY = 0;
        for (int y = 0, i = 0; i < pixels.Length; y++)
        {
            for (var x = 0; x < width; x++, i++)
                (mass, sumX, sumY) = (mass + pixels[i], sumX + pixels[i] * x, sumY + pixels[i] * y);
        }
        return (sumX / (float)mass + 0.5f, sumY / (float)mass + 0.5f);
    }
}
