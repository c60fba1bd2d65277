using System.Buffers;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Imaging;

/// <summary>
/// A checked file to a plane, large pictures reduced: with <see cref="PngEncoding"/> the only place that knows ImageSharp. Levels are
/// taken as they are stored, gamma or none: only their order and rough distance matter to what follows.
/// </summary>
internal static class Decoding
{
    private const int MaxBytesPerPixel = 6; // of three samples of 16 bits

    // No other format's decoder can be reached, and no picture takes more memory than the largest that may be asked for.
    private static readonly Configuration s_pngOnly = new(new PngConfigurationModule())
    {
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions
        {
            MaximumPoolSizeMegabytes = 64,
            AllocationLimitMegabytes = (int)(DigitReader.MaxPixels * MaxBytesPerPixel >> 20),
        }),
    };

    private static readonly PngDecoder s_decoder = new() { IgnoreMetadata = true };

    /// <summary>One channel for grey, three for colours, four where there is opacity.</summary>
    /// <exception cref="PictureException">The data is damaged.</exception>
    public static Plane Decode(PngFile file)
    {
        using var plain = file.ForDecoder();
        var png = plain.Span;
        var header = file.Header;
        try
        {
            if (file.HasAlpha)
                return Load<Rgba32>(png, header, 4, _ => Transparency.Premultiply);
            return (file.IsGrey, header.Depth == 16) switch
            {
                (true, false) => Load<L8>(png, header, 1, _ => (row, _) => MemoryMarshal.AsBytes(row)),
                (true, true) => Load<L16>(png, header, 1, image => WideSamples.Narrow(image)),
                (false, false) => Load<Rgb24>(png, header, 3, _ => (row, _) => MemoryMarshal.AsBytes(row)),
                (false, true) => Load<Rgb48>(png, header, 3, image => WideSamples.Narrow(image)),
            };
        }
        catch (Exception error) when (error is ImageFormatException or InvalidMemoryOperationException or InvalidDataException
            or NotSupportedException or IndexOutOfRangeException or ArgumentException or NullReferenceException
            or EndOfStreamException or OverflowException)
        {
            throw new PictureException(PictureError.Damaged,
                $"the PNG is truncated or damaged: its data cannot be decoded ({error.GetType().Name})", error);
        }
    }

    /// <summary>What comes after the decoder: the rows, averaged over cells where the picture is large.</summary>
    internal static Plane Reduce<TPixel>(Image<TPixel> image, int channels, RowSamples<TPixel> samplesOf)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var shrink = Shrink.Of(image.Width, image.Height, channels);
        var room = ArrayPool<byte>.Shared.Rent(image.Width * channels);
        try
        {
            image.ProcessPixelRows(rows =>
            {
                for (var y = 0; y < rows.Height; y++)
                    shrink.Add(samplesOf(rows.GetRowSpan(y), room.AsSpan(0, rows.Width * channels)));
            });
            return shrink.Result;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <summary>The samples of one row, in the room given or where they are.</summary>
    internal delegate ReadOnlySpan<byte> RowSamples<TPixel>(ReadOnlySpan<TPixel> row, Span<byte> room);

    private static Plane Load<TPixel>(
        ReadOnlySpan<byte> png, PngHeader header, int channels, Func<Image<TPixel>, RowSamples<TPixel>> samplesOf)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var image = Image.Load<TPixel>(s_pngOnly, png, s_decoder);
        if (image.Width != header.Width || image.Height != header.Height)
            throw new InvalidDataException("the picture has another size than its header says");
        return Reduce(image, channels, samplesOf(image));
    }
}
