using System.Buffers.Binary;
using MnistApi.Inference;

namespace MnistApi.Imaging;

/// <summary>
/// From a PNG to the 784 bytes that MNIST would have made of it. A 28x28 picture of light ink on dark ground is
/// taken for MNIST's own and passes unchanged; anything else is treated as MNIST's makers treated
/// theirs, see <see cref="MnistRecipe"/>.
/// </summary>
public static class DigitReader
{
    /// <summary>Pictures of at most this many pixels are decoded unless a caller says otherwise: 16 megapixels.</summary>
    public const long DefaultMaxPixels = 16L << 20;

    /// <summary>No caller may allow more pixels than this, 64 megapixels: the decoder's memory is capped by it.</summary>
    public const long MostPixels = 64L << 20;

    /// <summary>Width times height as the header has it, unchecked: to judge how long <see cref="Read"/> will take. 0 for what is no PNG.</summary>
    public static long PixelsAtFirstSight(ReadOnlySpan<byte> png) => png.Length < 24
        ? 0
        : (long)BinaryPrimitives.ReadUInt32BigEndian(png[16..]) * BinaryPrimitives.ReadUInt32BigEndian(png[20..]);

    /// <summary>Reads one picture.</summary>
    /// <param name="png">The whole PNG file.</param>
    /// <param name="result">Receives 784 bytes, 0 ground to 255 ink.</param>
    /// <param name="maxPixels">Width times height allowed, read from the header before anything is decoded.</param>
    /// <returns>Width times height.</returns>
    /// <exception cref="PictureException">The picture cannot be read; it says why.</exception>
    public static long Read(ReadOnlySpan<byte> png, Span<byte> result, long maxPixels = DefaultMaxPixels)
    {
        var file = PngFile.Read(png);
        var header = file.Header;
        if (header.Pixels > maxPixels)
            throw new PictureException(PictureError.TooManyPixels, $"expected at most {maxPixels} pixels, got {header.Width}x{header.Height} = {header.Pixels}");
        using var plane = PngDecoding.Decode(file);
        var ground = Ground.Of(plane);
        if (plane.Width == MnistImage.Width && plane.Height == MnistImage.Height && ground.IsLikeMnist)
            plane.Pixels.CopyTo(result);
        else
            MnistRecipe.Apply(plane, ground, result);
        return header.Pixels;
    }
}
