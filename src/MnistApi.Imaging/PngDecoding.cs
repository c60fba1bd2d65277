using System.Buffers;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Imaging;

/// <summary>
/// PNG to a plane of grey, large pictures reduced: with <see cref="PngEncoding"/> the only place that knows ImageSharp. Levels are taken
/// as they are stored, gamma or none: only their order and rough distance matter to what follows.
/// </summary>
internal static class PngDecoding
{
    // No other format's decoder can be reached, and no picture takes more memory than the largest that may be asked for.
    private static readonly Configuration s_pngOnly = new(new PngConfigurationModule())
    {
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { MaximumPoolSizeMegabytes = 64, AllocationLimitMegabytes = (int)(DigitReader.MostPixels * 4 >> 20) }),
    };

    private static readonly PngDecoder s_decoder = new() { IgnoreMetadata = true };

    /// <param name="file">A checked PNG.</param>
    /// <param name="preprocess">Whether coloured ink may be looked for, or grey is the luma.</param>
    /// <param name="steps">What was done is added.</param>
    /// <exception cref="PictureException">The data is damaged.</exception>
    public static Plane Decode(PngFile file, Preprocess preprocess, ref Steps steps)
    {
        var stored = DecodeStored(file, preprocess, ref steps);
        if (file.Orientation == Orientation.Upright)
            return stored;
        steps |= Steps.Turned;
        using (stored)
            return Orientation.Turn(stored, file.Orientation);
    }

    private static Plane DecodeStored(PngFile file, Preprocess preprocess, ref Steps steps)
    {
        using var plain = file.ForDecoder();
        var png = plain.Span;
        var header = file.Header;
        if (Shrink.CellOf(header.Width, header.Height) > 1)
            steps |= Steps.Reduced;
        try
        {
            if (file.IsGrey)
            {
                using var grey = Load<L8>(png, header);
                return ToGrey(grey);
            }
            if (file.HasAlpha)
                return DecodeAlpha(png, header, preprocess, ref steps);
            using var colours = Load<Rgb24>(png, header);
            return ToGrey(colours, preprocess, ref steps);
        }
        catch (Exception error) when (error is ImageFormatException or InvalidMemoryOperationException or InvalidDataException
            or NotSupportedException or IndexOutOfRangeException or ArgumentException or NullReferenceException or EndOfStreamException or OverflowException)
        {
            throw new PictureException(PictureError.Damaged, $"the PNG is truncated or damaged: its data cannot be decoded ({error.GetType().Name})", error);
        }
    }

    /// <summary>What comes after the decoder, for a grey picture.</summary>
    internal static Plane ToGrey(Image<L8> image)
    {
        if (Shrink.CellOf(image.Width, image.Height) > 1)
            return Reduce(image, channels: 1, (row, _) => MemoryMarshal.AsBytes(row));
        var plane = new Plane(image.Width, image.Height);
        image.CopyPixelDataTo(plane.Pixels);
        return plane;
    }

    /// <summary>The same for a coloured one.</summary>
    internal static Plane ToGrey(Image<Rgb24> image, Preprocess preprocess, ref Steps steps)
    {
        using var colours = Reduce(image, channels: 3, (row, _) => MemoryMarshal.AsBytes(row));
        return InkColour.ToGrey(colours, preprocess, ref steps);
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

    private static Plane DecodeAlpha(ReadOnlySpan<byte> png, PngHeader header, Preprocess preprocess, ref Steps steps)
    {
        using var image = Load<Rgba32>(png, header);
        switch (Transparency.Of(image))
        {
            case Transparency.Kind.Ink:
                steps |= Steps.AlphaIsInk;
                return Reduce(image, channels: 1, Transparency.AsGrey);
            case Transparency.Kind.Ground:
                steps |= Steps.LaidOverWhite;
                break;
        }
        using var colours = Reduce(image, channels: 3, Transparency.OverWhite);
        return InkColour.ToGrey(colours, preprocess, ref steps);
    }

    /// <summary>The bytes of one row, in the room given or where they are.</summary>
    private delegate ReadOnlySpan<byte> RowBytes<TPixel>(ReadOnlySpan<TPixel> row, Span<byte> room);

    private static Plane Reduce<TPixel>(Image<TPixel> image, int channels, RowBytes<TPixel> bytesOf)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var shrink = new Shrink(image.Width, image.Height, channels);
        var room = ArrayPool<byte>.Shared.Rent(image.Width * channels);
        try
        {
            image.ProcessPixelRows(rows =>
            {
                for (var y = 0; y < rows.Height; y++)
                    shrink.Add(bytesOf(rows.GetRowSpan(y), room.AsSpan(0, rows.Width * channels)));
            });
            return shrink.Result;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }
}
