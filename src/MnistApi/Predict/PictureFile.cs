using MnistApi.Imaging;

namespace MnistApi.Predict;

/// <summary>What the first bytes of a picture's file say, before anything is decoded.</summary>
internal static class PictureFile
{
    /// <summary>So many of a file's first bytes are looked at.</summary>
    public const int FirstBytes = DigitReader.FirstSight;

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>Whether bytes begin as a picture that is read here does: the one place that knows the formats.</summary>
    public static bool Begins(ReadOnlySpan<byte> bytes) => bytes.StartsWith(PngSignature);

    /// <summary>Width times height as the header has them, unchecked; 0 for what is no picture.</summary>
    public static long Pixels(ReadOnlySpan<byte> file)
    {
        if (!Begins(file))
            return 0;
        var pixels = DigitReader.PixelsAtFirstSight(file);
        return pixels < 0 ? int.MaxValue : Math.Min(pixels, int.MaxValue); // the product of two such numbers can be too large for a long
    }
}
