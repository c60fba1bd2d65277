using System.Diagnostics;
using System.Globalization;

namespace MnistApi.Imaging;

/// <summary>
/// From a picture to the 784 bytes that MNIST would have made of each digit in it. A picture that has MNIST's measures passes unchanged;
/// in any other the digits are found, cleaned, and treated as MNIST's makers treated theirs, see <see cref="StepTable"/>.
/// </summary>
public static class DigitReader
{
    /// <summary>Pictures of at most this many pixels are decoded unless a caller says otherwise: 16 megapixels.</summary>
    public const long DefaultMaxPixels = 16L << 20;

    /// <summary>No caller may allow more pixels than this, 64 megapixels: the decoder's memory is capped by it.</summary>
    public const long MaxPixels = 64L << 20;

    /// <summary>No number has more digits.</summary>
    public const int MaxDigits = 20;

    /// <summary>So many of a file's first bytes say a PNG's width and height; a JPEG's stand further behind.</summary>
    public const int FirstSight = 24;

    private const int MaxNamed = 8; // boxes in an error

    /// <summary>Whether bytes begin as a picture does that is read here.</summary>
    public static bool IsPicture(ReadOnlySpan<byte> bytes) => bytes.StartsWith(PngFile.Signature) || bytes.StartsWith(JpegFile.Signature);

    /// <summary>Width times height as the header has it, unchecked, to judge how long reading will take; 0 where it is not there.</summary>
    /// <param name="file">The file, or its first <see cref="FirstSight"/> bytes.</param>
    public static long PixelsAtFirstSight(ReadOnlySpan<byte> file) => file.StartsWith(JpegFile.Signature)
        ? JpegFile.SizeAtFirstSight(file)?.Pixels ?? 0
        : file.Length < FirstSight || !IsPicture(file) ? 0
        : (long)Math.Min( // the product of two such numbers can be too large for a long
            (ulong)BinaryPrimitives.ReadUInt32BigEndian(file[16..]) * BinaryPrimitives.ReadUInt32BigEndian(file[20..]), int.MaxValue);

    /// <summary>Reads a picture of one digit, a number of one; a picture of several is refused.</summary>
    /// <inheritdoc cref="ReadNumber"/>
    public static NumberReading ReadDigit(
        ReadOnlySpan<byte> file, long maxPixels = DefaultMaxPixels,
        Preprocess preprocess = Preprocess.Auto, PictureFormats formats = PictureFormats.All)
    {
        var number = ReadNumber(file, maxPixels, preprocess, formats);
        return number.Digits.Count == 1 ? number : throw Several("several digits: expected one", number.Digits);
    }

    /// <summary>Reads a picture of a number: one line of digits, clear background between them.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="maxPixels">Width times height allowed, a row counting as 64 at least; known before anything is decoded.</param>
    /// <param name="preprocess">How it is brought to 28x28; with none the whole picture is one digit.</param>
    /// <param name="formats">Which formats are read.</param>
    /// <returns>The digits from left to right, at most <see cref="MaxDigits"/>.</returns>
    /// <exception cref="PictureException">The picture cannot be read; it says why.</exception>
    public static NumberReading ReadNumber(
        ReadOnlySpan<byte> file, long maxPixels = DefaultMaxPixels,
        Preprocess preprocess = Preprocess.Auto, PictureFormats formats = PictureFormats.All)
    {
        using var page = Decoding.Decode(file, maxPixels, preprocess, formats);
        var decoded = Stopwatch.GetTimestamp();
        var steps = StepTable.Run(page);
        var taken = Stopwatch.GetElapsedTime(decoded);
        var digits = page.Digits.Select(digit => new DigitInPicture(digit.Ink.Pixels.ToArray(), InSource(digit.Box, page))).ToArray();
        if (digits.Length > MaxDigits)
            throw Several($"too many digits: expected at most {MaxDigits}", digits);
        return new NumberReading(page.Source.Cost, steps, taken, digits);
    }

    /// <summary>A box of the page in the picture's own pixels, as it is looked at upright.</summary>
    private static PictureBox InSource(Box box, Page page)
    {
        var isSideways = Orientation.IsSideways(page.Orientation);
        var (width, height) = isSideways ? (page.Source.Height, page.Source.Width) : (page.Source.Width, page.Source.Height);
        int left = box.Left * page.Source.Cell, top = box.Top * page.Source.Cell;
        var (right, bottom) = (Math.Min(width, box.Right * page.Source.Cell), Math.Min(height, box.Bottom * page.Source.Cell));
        return new PictureBox(left, top, right - left, bottom - top);
    }

    private static PictureException Several(string what, IReadOnlyList<DigitInPicture> digits)
    {
        var boxes = digits.Take(MaxNamed).Select(digit => digit.Box)
            .Select(box => string.Create(CultureInfo.InvariantCulture, $"{box.Width}x{box.Height} at ({box.Left}, {box.Top})"));
        return new PictureException(PictureError.SeveralDigits,
            $"the picture has {what}, got {digits.Count}: {string.Join(", ", boxes)}{(digits.Count > MaxNamed ? ", ..." : "")}");
    }
}

/// <summary>What reading a picture of a number came to.</summary>
/// <param name="Pixels">Width times height, a row counting as 64 at least.</param>
/// <param name="Steps">What was done, in words that read after "Your picture was"; nothing to one of MNIST's own.</param>
/// <param name="Preprocessing">The time from the decoded picture to the digits.</param>
/// <param name="Digits">From left to right.</param>
public sealed record NumberReading(
    long Pixels, IReadOnlyList<string> Steps, TimeSpan Preprocessing, IReadOnlyList<DigitInPicture> Digits);

/// <summary>A digit and where it stands.</summary>
/// <param name="Pixels">784 bytes, 0 background to 255 ink.</param>
/// <param name="Box">In the picture's own pixels.</param>
public sealed record DigitInPicture(byte[] Pixels, PictureBox Box);

/// <summary>A part of a picture, in its own pixels as it is looked at.</summary>
/// <param name="Left">Its first column.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Width">Its columns.</param>
/// <param name="Height">Its rows.</param>
public readonly record struct PictureBox(int Left, int Top, int Width, int Height);
