using MnistApi.Inference;

namespace MnistApi.Imaging;

/// <summary>
/// What made MNIST: the ink's bounding box, squared, averaged over areas to 20x20, stretched to full ink, and
/// pasted into 28x28 with its centre of mass in the middle.
/// </summary>
internal static class MnistRecipe
{
    private const int Box = 20; // the digit's longer side in MNIST

    /// <summary>What is fainter than this share of the darkest ink does not count for the bounding box.</summary>
    private const float BoxThreshold = 0.2f;

    /// <summary>Makes the picture's ink into an MNIST digit.</summary>
    /// <exception cref="PictureException">There is no ink.</exception>
    public static void Apply(Plane plane, Ground ground, Span<byte> result)
    {
        if (ground.Contrast < Ground.LeastContrast)
        {
            throw new PictureException(PictureError.NoInk,
                $"the picture is blank: expected ink that differs from the ground by at least {Ground.LeastContrast} of 255 grey levels, got {ground.Contrast}");
        }
        ToInk(plane, ground);
        var (left, top, width, height) = BoundingBox(plane, (int)(ground.Contrast * BoxThreshold));
        Span<float> square = stackalloc float[Box * Box];
        Resample(plane, left, top, width, height, square);
        Span<byte> small = stackalloc byte[Box * Box];
        StretchToFullInk(square, small);
        PasteCentred(small, result);
    }

    /// <summary>Turns grey levels into ink above the ground, 0 where there is none.</summary>
    private static void ToInk(Plane plane, Ground ground)
    {
        Span<byte> ink = stackalloc byte[256];
        for (var level = 0; level < ink.Length; level++)
            ink[level] = (byte)Math.Max(0, ground.IsLightInk ? level - ground.Level : ground.Level - level);
        foreach (ref var pixel in plane.Pixels)
            pixel = ink[pixel];
    }

    private static (int Left, int Top, int Width, int Height) BoundingBox(Plane plane, int threshold)
    {
        int left = plane.Width, right = -1, top = -1, bottom = -1;
        for (var y = 0; y < plane.Height; y++)
        {
            var row = plane.Row(y);
            var first = row.IndexOfAnyExceptInRange((byte)0, (byte)threshold);
            if (first < 0)
                continue;
            left = Math.Min(left, first);
            right = Math.Max(right, row.LastIndexOfAnyExceptInRange((byte)0, (byte)threshold));
            top = top < 0 ? y : top;
            bottom = y;
        }
        return (left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>Averages the box, widened to a square on both sides of its shorter dimension, over 20x20 equal areas; beyond the picture is ground.</summary>
    private static void Resample(Plane plane, int left, int top, int width, int height, Span<float> square)
    {
        square.Clear();
        var side = Math.Max(width, height);
        var cell = side / (float)Box; // pixels a cell
        var startX = left - (side - width) / 2f;
        var startY = top - (side - height) / 2f;
        Span<float> cells = stackalloc float[Box];
        var firstRow = Math.Max(0, (int)MathF.Floor(startY));
        var lastRow = Math.Min(plane.Height - 1, (int)MathF.Ceiling(startY + side) - 1);
        for (var y = firstRow; y <= lastRow; y++)
        {
            SumCells(plane.Row(y), startX, cell, cells);
            var from = (y - startY) / cell;
            var to = (y + 1 - startY) / cell;
            for (var row = Math.Max(0, (int)from); row < Box && row < to; row++)
            {
                var share = Math.Min(to, row + 1) - Math.Max(from, row); // of this cell's height
                for (var column = 0; column < Box; column++)
                    square[row * Box + column] += share * cells[column];
            }
        }
    }

    /// <summary>One row's mean over each cell's width.</summary>
    private static void SumCells(ReadOnlySpan<byte> row, float start, float cell, Span<float> cells)
    {
        for (var column = 0; column < Box; column++)
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
            sumX += small[i] * (i % Box + 0.5f);
            sumY += small[i] * (i / Box + 0.5f);
        }
        const float Middle = MnistImage.Width / 2f + 1;
        var left = Math.Clamp((int)(Middle - sumX / mass), 0, MnistImage.Width - Box);
        var top = Math.Clamp((int)(Middle - sumY / mass), 0, MnistImage.Height - Box);
        result.Clear();
        for (var y = 0; y < Box; y++)
            small.Slice(y * Box, Box).CopyTo(result[((top + y) * MnistImage.Width + left)..]);
    }
}
