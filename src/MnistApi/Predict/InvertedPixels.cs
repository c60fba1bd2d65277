namespace MnistApi.Predict;

/// <summary>
/// Warns of pixels that came with dark ink on a light background. They are read as they came: nobody but their sender knows. An image is
/// warned of where all of its border, 108 pixels, and its mean are lighter than half; no image of MNIST's is nearly so.
/// </summary>
internal static class InvertedPixels
{
    /// <summary>A sentence for the answer that names the first such image; null where there is none.</summary>
    public static string? Warning(PixelBatch pixels)
    {
        var (first, count) = (0, 0);
        for (var image = pixels.Count - 1; image >= 0; image--)
        {
            if (IsInverted(pixels, image))
                (first, count) = (image, count + 1);
        }
        return count == 0 ? null : $"image {first} ({count} of {pixels.Count}) has a light border and dark ink, "
            + $"expected 0 for the background: if it is inverted, send {pixels.Scale} - pixel";
    }

    private static bool IsInverted(PixelBatch pixels, int image)
    {
        var half = pixels.Scale / 2f;
        if (pixels[image, 0] <= half) // nearly always
            return false;
        const int Last = MnistImage.Width - 1;
        for (var i = 0; i <= Last; i++)
        {
            if (At(i, 0) <= half || At(i, Last) <= half || At(0, i) <= half || At(Last, i) <= half)
                return false;
        }
        return Enumerable.Range(0, MnistImage.Pixels).Average(pixel => pixels[image, pixel]) > half;

        float At(int x, int y) => pixels[image, y * MnistImage.Width + x];
    }
}
