using SixLabors.ImageSharp.Formats.Png;

namespace MnistApi.Imaging;

/// <summary>Grey pixels to PNG.</summary>
public static class PngEncoding
{
    /// <summary>An 8-bit grey PNG, nothing but the pixels in it.</summary>
    /// <param name="pixels">Row by row, width * height bytes.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ArgumentException">There are not as many bytes as pixels.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        if (pixels.Length != width * height)
            throw new ArgumentException($"expected {width * height} bytes, got {pixels.Length}", nameof(pixels));
        using var image = Image.LoadPixelData<L8>(pixels, width, height);
        using var stream = new MemoryStream();
        image.Save(stream, new PngEncoder { ColorType = PngColorType.Grayscale, BitDepth = PngBitDepth.Bit8, IgnoreMetadata = true });
        return stream.ToArray();
    }
}
