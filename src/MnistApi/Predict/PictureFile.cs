using MnistApi.Imaging;

namespace MnistApi.Predict;

/// <summary>What the first bytes of a picture's file say, before anything is decoded.</summary>
internal static class PictureFile
{
    /// <summary>So many of a file's first bytes are looked at.</summary>
    public const int FirstBytes = DigitReader.FirstSight;

    /// <summary>Whether bytes begin as a picture that is read here does.</summary>
    public static bool Begins(ReadOnlySpan<byte> bytes) => DigitReader.IsPicture(bytes);

    /// <summary>Width times height as the header has them, unchecked; 0 for what is no picture.</summary>
    public static long Pixels(ReadOnlySpan<byte> file)
    {
        if (!Begins(file))
            return 0;
        var pixels = DigitReader.PixelsAtFirstSight(file);
        return pixels < 0 ? int.MaxValue : Math.Min(pixels, int.MaxValue); // the product of two such numbers can be too large for a long
    }
}
