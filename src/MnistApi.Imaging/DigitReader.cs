using System.Buffers.Binary;
using System.Diagnostics;

namespace MnistApi.Imaging;

/// <summary>
/// From a PNG to the 784 bytes that MNIST would have made of it. A picture that has MNIST's measures passes unchanged; of any
/// other the digit is found, cleaned, and treated as MNIST's makers treated theirs.
/// </summary>
public static class DigitReader
{
    /// <summary>Pictures of at most this many pixels are decoded unless a caller says otherwise: 16 megapixels.</summary>
    public const long DefaultMaxPixels = 16L << 20;

    /// <summary>No caller may allow more pixels than this, 64 megapixels: the decoder's memory is capped by it.</summary>
    public const long MostPixels = 64L << 20;

    /// <summary>Where there is no grain any ink belongs to the digit: the edges of MNIST's own are as faint.</summary>
    private const byte FaintestEdge = 1;

    /// <summary>In pictures of this side or more what is faint and apart from the digit is a program's guide lines; in smaller ones it is all the digit's.</summary>
    private const int FaintSide = 48;

    /// <summary>A digit's faint edges reach so far, as a share of its longer side: in pictures enlarged from a few pixels by two of those.</summary>
    private const float SoftEdge = 0.25f;

    /// <summary>So many of a file's first bytes say its width and height.</summary>
    public const int FirstSight = 24;

    /// <summary>Width times height as the header has it, unchecked: to judge how long <see cref="Read"/> will take. 0 for what is no PNG.</summary>
    /// <param name="png">The file, or its first <see cref="FirstSight"/> bytes.</param>
    public static long PixelsAtFirstSight(ReadOnlySpan<byte> png) => png.Length < FirstSight
        ? 0
        : (long)BinaryPrimitives.ReadUInt32BigEndian(png[16..]) * BinaryPrimitives.ReadUInt32BigEndian(png[20..]);

    /// <summary>Reads one picture.</summary>
    /// <param name="png">The whole PNG file.</param>
    /// <param name="result">Receives 784 bytes, 0 ground to 255 ink.</param>
    /// <param name="maxPixels">Width times height allowed, a row counting as 64 at least; read from the header before anything is decoded.</param>
    /// <param name="preprocess">How it is brought to 28x28.</param>
    /// <returns>How many pixels the picture has, what was done to it, and how long that took.</returns>
    /// <exception cref="PictureException">The picture cannot be read; it says why.</exception>
    public static DigitReading Read(ReadOnlySpan<byte> png, Span<byte> result, long maxPixels = DefaultMaxPixels, Preprocess preprocess = Preprocess.Auto)
    {
        var file = PngFile.Read(png);
        var header = file.Header;
        if (header.Cost > maxPixels)
        {
            throw new PictureException(PictureError.TooManyPixels,
                $"expected at most {maxPixels} pixels, got {header.Width}x{header.Height} = {header.Cost}{(header.Cost > header.Pixels ? $", where a row counts as {PngHeader.LeastRowCost}" : "")}");
        }
        Steps steps = default;
        using var grey = PngDecoding.Decode(file, preprocess, ref steps);
        var decoded = Stopwatch.GetTimestamp();
        if (preprocess == Preprocess.None)
            MnistRecipe.Resize(grey, result, ref steps);
        else if (MnistMeasures.Hold(grey))
            grey.Pixels.CopyTo(result);
        else
            Find(grey, Orientation.IsSideways(file.Orientation) ? header.Sideways : header, result, ref steps);
        return new DigitReading(header.Cost, steps, Stopwatch.GetElapsedTime(decoded));
    }

    /// <summary>Everything between the decoded picture and the 784 bytes.</summary>
    internal static void Find(Plane grey, PngHeader header, Span<byte> result, ref Steps steps)
    {
        if (Dither.Smooth(grey))
            steps |= Steps.DotsAveraged;
        if (WholeSheet.Cut(grey, out var origin) is not { } sheet)
        {
            FindInFrame(grey, (0, 0), header, result, ref steps);
            return;
        }
        steps |= Steps.SheetCut;
        using (sheet)
            FindInFrame(sheet, origin, header, result, ref steps);
    }

    private static void FindInFrame(Plane plane, (int X, int Y) origin, PngHeader header, Span<byte> result, ref Steps steps)
    {
        var frame = Frame.Find(plane);
        if (frame.IsNone)
        {
            Find(plane, origin, header, result, ref steps);
            return;
        }
        steps |= Steps.FrameCut;
        using var inner = Frame.Cut(plane, frame);
        Find(inner, (origin.X + frame.Left, origin.Y + frame.Top), header, result, ref steps);
    }

    private static void Find(Plane plane, (int X, int Y) origin, PngHeader header, Span<byte> result, ref Steps steps)
    {
        Ground.Remove(plane, ref steps); // from here on the plane is ink
        StrokeWidth.RefuseNoise(plane);
        if (RuledLines.Remove(plane))
            steps |= Steps.LinesRemoved;
        if (FaintInk.Remove(plane))
            steps |= Steps.FaintDropped;
        var marks = FindMarks(plane, ref steps);
        var isDigit = DigitMarks.Choose(marks, plane, isLined: (steps & Steps.LinesRemoved) != 0, isPhotograph: (steps & (Steps.GroundFitted | Steps.GrainRemoved)) != 0);
        SeveralDigits.Refuse(marks.All, isDigit, mark => InSource(mark, origin, header));
        if (isDigit.Contains(false))
            steps |= Steps.SpecksDropped;
        if ((steps & (Steps.SpecksDropped | Steps.GrainRemoved | Steps.LinesRemoved | Steps.GroundFitted)) != 0)
            marks.KeepOnly(plane, isDigit);
        else if (Math.Min(plane.Width, plane.Height) >= FaintSide && marks.KeepOnly(plane, isDigit, (int)(marks.Together(isDigit).Longer * SoftEdge)))
            steps |= Steps.SpecksDropped;
        var threshold = (steps & (Steps.GrainRemoved | Steps.GroundFitted)) != 0 ? DigitMarks.Threshold : FaintestEdge;
        var box = Box.Of(plane, new Box(0, 0, plane.Width, plane.Height), threshold);
        box = StrokeWidth.Fit(plane, box, threshold, ref steps);
        MnistRecipe.Apply(plane, box, result);
        steps |= Steps.Centred;
    }

    /// <summary>The marks, without what is joined to a digit but no part of it.</summary>
    private static Marks FindMarks(Plane ink, ref Steps steps)
    {
        var marks = Marks.Find(ink, DigitMarks.Threshold);
        if (RuledLines.RemoveBoxes(ink, marks.All) | OverlongLines.Remove(ink, marks.All))
        {
            steps |= Steps.LinesRemoved;
            marks = Marks.Find(ink, DigitMarks.Threshold);
        }
        if ((steps & Steps.GroundFitted) == 0 || !marks.Largest.IsAtEdge)
            return marks;
        var strong = Marks.Find(ink, DigitMarks.StrongThreshold);
        return DigitMarks.IsWithin(strong.Largest, ink) ? strong : marks;
    }

    private static (int Left, int Top, int Width, int Height) InSource(Mark mark, (int X, int Y) origin, PngHeader header)
    {
        var cell = Shrink.CellOf(header.Width, header.Height);
        int left = (origin.X + mark.Left) * cell, top = (origin.Y + mark.Top) * cell;
        return (left, top, Math.Min(header.Width - left, mark.Width * cell), Math.Min(header.Height - top, mark.Height * cell));
    }
}

/// <summary>What reading a picture came to, beside its 784 bytes.</summary>
/// <param name="Pixels">Width times height, a row counting as 64 at least.</param>
/// <param name="Steps">What was done.</param>
/// <param name="Preprocessing">The time from the decoded picture to the 784 bytes.</param>
public readonly record struct DigitReading(long Pixels, Steps Steps, TimeSpan Preprocessing);
