using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Imaging;

/// <summary>PNG to a plane of grey: the only place that knows ImageSharp. Alpha is laid over white paper.</summary>
internal static class PngDecoding
{
    // No other format's decoder can be reached, and no picture takes more memory than the largest that may be asked for.
    private static readonly Configuration s_pngOnly = new(new PngConfigurationModule())
    {
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { MaximumPoolSizeMegabytes = 64, AllocationLimitMegabytes = (int)(DigitReader.MostPixels * 4 >> 20) }),
    };

    private static readonly PngDecoder s_decoder = new() { IgnoreMetadata = true };

    /// <exception cref="PictureException">The data is damaged.</exception>
    public static Plane Decode(PngFile file)
    {
        var png = file.ForDecoder();
        try
        {
            return file.IsPlainGrey ? DecodeGrey(png, file.Header) : DecodeColour(png, file.Header);
        }
        catch (Exception error) when (error is ImageFormatException or InvalidMemoryOperationException or InvalidDataException
            or NotSupportedException or IndexOutOfRangeException or ArgumentException or NullReferenceException or EndOfStreamException or OverflowException)
        {
            throw new PictureException(PictureError.Damaged, $"the PNG is truncated or damaged: its data cannot be decoded ({error.GetType().Name})", error);
        }
    }

    private static Plane DecodeGrey(ReadOnlySpan<byte> png, PngHeader header)
    {
        using var image = Load<L8>(png, header);
        var plane = new Plane(header.Width, header.Height);
        image.CopyPixelDataTo(plane.Pixels);
        return plane;
    }

    private static Image<TPixel> Load<TPixel>(ReadOnlySpan<byte> png, PngHeader header)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var image = Image.Load<TPixel>(s_pngOnly, png, s_decoder);
        if (image.Width == header.Width && image.Height == header.Height)
            return image;
        image.Dispose();
        throw new InvalidDataException("the picture has another size than its header says");
    }

    private static Plane DecodeColour(ReadOnlySpan<byte> png, PngHeader header)
    {
        using var image = Load<Rgba32>(png, header);
        var alphaIsInk = AlphaIsInk(image);
        var plane = new Plane(header.Width, header.Height);
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                var source = rows.GetRowSpan(y);
                var grey = plane.Row(y);
                for (var x = 0; x < source.Length; x++)
                    grey[x] = alphaIsInk ? (byte)(255 - source[x].A) : GreyOverWhite(source[x]);
            }
        });
        return plane;
    }

    /// <summary>Whether the picture has one colour and differs in alpha alone: then laying it over white could hide it.</summary>
    private static bool AlphaIsInk(Image<Rgba32> image)
    {
        var isInk = false;
        image.ProcessPixelRows(rows =>
        {
            Rgba32? colour = null;
            byte least = 255, most = 0;
            for (var y = 0; y < rows.Height; y++)
            {
                foreach (var pixel in rows.GetRowSpan(y))
                {
                    least = Math.Min(least, pixel.A);
                    most = Math.Max(most, pixel.A);
                    if (pixel.A == 0)
                        continue;
                    colour ??= pixel;
                    if (pixel.R != colour.Value.R || pixel.G != colour.Value.G || pixel.B != colour.Value.B)
                        return;
                }
            }
            isInk = least < most;
        });
        return isInk;
    }

    /// <summary>Luma (ITU-R BT.601) of the pixel on white paper; grey stays exactly what it is.</summary>
    private static byte GreyOverWhite(Rgba32 pixel)
    {
        var luma = (pixel.R * 299 + pixel.G * 587 + pixel.B * 114 + 500) / 1000;
        return (byte)((luma * pixel.A + 255 * (255 - pixel.A) + 127) / 255);
    }
}
