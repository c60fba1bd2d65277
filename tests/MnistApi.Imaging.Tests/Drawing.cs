using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Imaging.Tests;

/// <summary>Makes PNGs of every kind from the same digit.</summary>
internal static class Drawing
{
    /// <summary>A slanted stroke with a bar: 28x28, light on dark, as long and as centred as MNIST's, grey edges.</summary>
    public static byte[] Digit()
    {
        var pixels = new byte[28 * 28];
        for (var y = 5; y < 24; y++)
        {
            pixels[y * 28 + 13] = 120;
            pixels[y * 28 + 14] = 255;
            pixels[y * 28 + 15] = 255;
        }
        for (var x = 9; x < 15; x++)
            pixels[9 * 28 + x] = 255;
        return pixels;
    }

    public static byte[] Encode<TPixel>(int width, int height, Func<int, int, TPixel> pixel, PngEncoder? encoder = null)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var image = new Image<TPixel>(width, height);
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < height; y++)
            {
                var row = rows.GetRowSpan(y);
                for (var x = 0; x < width; x++)
                    row[x] = pixel(x, y);
            }
        });
        using var stream = new MemoryStream();
        image.Save(stream, encoder ?? new PngEncoder { CompressionLevel = PngCompressionLevel.BestSpeed });
        return stream.ToArray();
    }

    public static byte[] Read(byte[] png)
    {
        var result = new byte[784];
        DigitReader.ReadDigit(png).Digits[0].Pixels.CopyTo(result);
        return result;
    }
}
