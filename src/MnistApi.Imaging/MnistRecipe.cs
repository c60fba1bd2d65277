using MnistApi.Inference;

namespace MnistApi.Imaging;

/// <summary>
/// What made MNIST: the ink's bounding box, squared, averaged over areas to 20x20, stretched to full ink, and
/// pasted into 28x28 with its centre of mass in the middle.
/// </summary>
internal static class MnistRecipe
{
    /// <summary>The digit's longer side in MNIST.</summary>
    public const int BoxSide = 20;

    /// <summary>A digit's box is taken where its ink is above about a tenth: what JPEG leaves on white paper is below.</summary>
    public const byte Threshold = 26;

    /// <summary>Makes the page's digits into MNIST's.</summary>
    public static bool Apply(Page page)
    {
        foreach (var digit in page.Digits)
            Apply(digit);
        return true;
    }

    /// <summary>Averages the whole picture over 28x28 equal areas, stretched where it is not square, if only that was asked for.</summary>
    public static bool Resize(Page page)
    {
        if (page.Preprocess != Preprocess.None)
            return false;
        var plane = page.Plane;
        Span<float> levels = stackalloc float[MnistImage.Pixels];
        Average(plane, 0, 0, plane.Width / (float)MnistImage.Width, plane.Height / (float)MnistImage.Height, MnistImage.Width, levels);
        var resized = new Plane(MnistImage.Width, MnistImage.Height);
        for (var i = 0; i < levels.Length; i++)
            resized.Pixels[i] = (byte)MathF.Round(levels[i]);
        page.Digits = [new Digit(resized, Box.Of(plane)) { IsRead = true }];
        return plane.Width != MnistImage.Width || plane.Height != MnistImage.Height;
    }

    private static void Apply(Digit digit)
    {
        Span<float> square = stackalloc float[BoxSide * BoxSide];
        Resample(digit.Ink, Box.Of(digit.Ink, Threshold), square);
        Span<byte> small = stackalloc byte[BoxSide * BoxSide];
        StretchToFullInk(square, small);
        var read = new Plane(MnistImage.Width, MnistImage.Height);
        PasteCentred(small, read.Pixels);
        digit.Replace(read, isRead: true);
    }

    /// <summary>Averages the box, widened to a square, over 20x20 equal areas; beyond the picture is background.</summary>
    private static void Resample(Plane plane, Box box, Span<float> square)
    {
        var cell = box.Longer / (float)BoxSide; // pixels a cell
        // whole cells on either side: what was of 20 pixels before, at whatever scale, falls into the same cells again
        var besides = MathF.Floor((box.Longer - box.Width) / (2 * cell)) * cell;
        var above = MathF.Floor((box.Longer - box.Height) / (2 * cell)) * cell;
        Average(plane, box.Left - besides, box.Top - above, cell, cell, BoxSide, square);
    }

    /// <summary>Averages over cells of equal size, each pixel spread over those it overlaps; as many cells down as across.</summary>
    private static void Average(Plane plane, float startX, float startY, float cellWidth, float cellHeight, int count, Span<float> result)
    {
        result.Clear();
        Span<float> cells = stackalloc float[count];
        var firstRow = Math.Max(0, (int)MathF.Floor(startY));
        var lastRow = Math.Min(plane.Height - 1, (int)MathF.Ceiling(startY + count * cellHeight) - 1);
        for (var y = firstRow; y <= lastRow; y++)
        {
            SumCells(plane.Row(y), startX, cellWidth, cells);
            var from = (y - startY) / cellHeight;
            var to = (y + 1 - startY) / cellHeight;
            for (var row = Math.Max(0, (int)from); row < count && row < to; row++)
            {
                var share = Math.Min(to, row + 1) - Math.Max(from, row); // of this cell's height
                for (var column = 0; column < count; column++)
                    result[row * count + column] += share * cells[column];
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

    private static void StretchToFullInk(ReadOnlySpan<float> square, Span<byte> small)
    {
        var peak = 0f;
        foreach (var value in square)
            peak = Math.Max(peak, value);
        for (var i = 0; i < small.Length; i++)
            small[i] = (byte)MathF.Round(square[i] * (MnistImage.FullInk / peak));
    }

    /// <summary>Puts the centre of mass into [13.5, 14.5), where it lies in all of MNIST's pictures.</summary>
    private static void PasteCentred(ReadOnlySpan<byte> small, Span<byte> result)
    {
        float mass = 0, sumX = 0, sumY = 0;
        for (var i = 0; i < small.Length; i++)
        {
            mass += small[i];
            sumX += small[i] * (i % BoxSide + 0.5f);
            sumY += small[i] * (i / BoxSide + 0.5f);
        }
        const float Middle = MnistImage.Width / 2f + 1;
        var left = Math.Clamp((int)(Middle - sumX / mass), 0, MnistImage.Width - BoxSide);
        var top = Math.Clamp((int)(Middle - sumY / mass), 0, MnistImage.Height - BoxSide);
        result.Clear();
        for (var y = 0; y < BoxSide; y++)
            small.Slice(y * BoxSide, BoxSide).CopyTo(result[((top + y) * MnistImage.Width + left)..]);
    }
}
