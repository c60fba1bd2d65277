using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Memory;

namespace MnistApi.Imaging;

/// <summary>
/// A file to a page, large pictures reduced: with <see cref="PngEncoding"/> the only place that knows ImageSharp. Levels are taken as they
/// are stored, gamma or none: only their order and rough distance matter to what follows.
/// </summary>
internal static class Decoding
{
    private const int MaxBytesPerPixel = 6; // of three samples of 16 bits

    // No picture takes more memory than the largest that may be asked for; decoders are named one by one, and no other can be reached.
    private static readonly Configuration s_configuration = new()
    {
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions
        {
            MaximumPoolSizeMegabytes = 64,
            AllocationLimitMegabytes = (int)(DigitReader.MaxPixels * MaxBytesPerPixel >> 20),
        }),
    };

    // Of a PNG, only the chunks' lengths, types and checksums are read in small pieces: more would be read ahead and thrown away.
    private static readonly Configuration s_pngConfiguration = new()
    {
        MemoryAllocator = s_configuration.MemoryAllocator,
        StreamProcessingBufferSize = 64,
    };

    private static readonly PngDecoder s_png = new() { IgnoreMetadata = true };
    private static readonly JpegDecoder s_jpeg = new() { IgnoreMetadata = true };

    /// <exception cref="PictureException">The bytes are no picture in these formats, a damaged one, or have too many pixels.</exception>
    public static Page Decode(ReadOnlySpan<byte> file, long maxPixels, Preprocess preprocess, PictureFormats formats)
    {
        var isPng = file.StartsWith(PngFile.Signature);
        if (!formats.HasFlag(isPng ? PictureFormats.Png : PictureFormats.Jpeg) || !(isPng || file.StartsWith(JpegFile.Signature)))
            throw new PictureException(PictureError.NotPicture, $"expected a {Names(formats)}, got {FileKind.Of(file)}");
        try
        {
            return isPng ? DecodePng(file, maxPixels, preprocess) : DecodeJpeg(file, maxPixels, preprocess);
        }
        catch (Exception error) when (error is ImageFormatException or InvalidMemoryOperationException or InvalidDataException
            or NotSupportedException or IndexOutOfRangeException or ArgumentException or NullReferenceException
            or EndOfStreamException or OverflowException)
        {
            throw new PictureException(PictureError.Damaged,
                $"the {(isPng ? "PNG" : "JPEG")} is truncated or damaged: its data cannot be decoded", error);
        }
    }

    /// <summary>One channel for grey, three for colours, four where there is opacity.</summary>
    private static Page DecodePng(ReadOnlySpan<byte> bytes, long maxPixels, Preprocess preprocess)
    {
        var file = PngFile.Read(bytes);
        var size = file.Header.Size;
        size.Require(maxPixels);
        using var png = new StoredPng(file);
        var plane = (file.HasAlpha, file.IsGrey, IsWide: file.Header.Depth == 16) switch
        {
            (true, _, _) => Take(Image.Load<Rgba32>(s_pngConfiguration, png, s_png), size, 4, _ => Transparency.Premultiply, file.Palette),
            (_, true, false) => Take(Image.Load<L8>(s_pngConfiguration, png, s_png), size, 1, AsTheyAre),
            (_, true, true) => Take(Image.Load<L16>(s_pngConfiguration, png, s_png), size, 1, WideSamples.Narrow),
            (_, false, false) => Take(Image.Load<Rgb24>(s_pngConfiguration, png, s_png), size, 3, AsTheyAre, file.Palette),
            (_, false, true) => Take(Image.Load<Rgb48>(s_pngConfiguration, png, s_png), size, 3, WideSamples.Narrow),
        };
        return new Page(plane, size, preprocess, file.Orientation);
    }

    private static Page DecodeJpeg(ReadOnlySpan<byte> bytes, long maxPixels, Preprocess preprocess)
    {
        var file = JpegFile.Read(bytes);
        file.Require(maxPixels);
        var plane = file.Components == 1
            ? Take(Image.Load<L8>(s_configuration, bytes, s_jpeg), file.Size, 1, AsTheyAre)
            : Take(Image.Load<Rgb24>(s_configuration, bytes, s_jpeg), file.Size, 3, AsTheyAre);
        return new Page(plane, file.Size, preprocess, file.Orientation);
    }

    private static Plane Take<TPixel>(
        Image<TPixel> decoded, PictureSize size, int channels, Func<Image<TPixel>, Shrink.RowSamples<TPixel>> samplesOf,
        PngPalette? palette = null)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var image = decoded;
        if (image.Width != size.Width || image.Height != size.Height)
            throw new InvalidDataException("the picture has another size than its header says");
        palette?.Require(image);
        return Shrink.ToCells(image, channels, samplesOf(image));
    }

    private static Shrink.RowSamples<TPixel> AsTheyAre<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel> => (row, _) => MemoryMarshal.AsBytes(row);

    private static string Names(PictureFormats formats) =>
        string.Join(" or ", Enum.GetValues<PictureFormats>().Where(format => format != PictureFormats.All && formats.HasFlag(format))
            .Select(format => format.ToString().ToUpperInvariant()));
}
