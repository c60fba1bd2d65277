using System.Buffers;
using MnistApi.Imaging;

namespace MnistApi.Predict;

/// <summary>Reads the PNGs of one request: an error says which one, and all together have a limit.</summary>
internal sealed class Pictures(LimitOptions limits, CancellationToken cancellation, Preprocess preprocess = Preprocess.Auto)
{
    /// <summary>A photograph with so many takes the better part of a millisecond.</summary>
    private const int QuickPixels = 10_000;

    private long _pixelsLeft = limits.RequestPixels;

    /// <summary>Whether reading this picture should not hold up others: as its header has it, unchecked.</summary>
    public static bool TakesLong(ReadOnlySpan<byte> png) => DigitReader.PixelsAtFirstSight(png) > QuickPixels;

    /// <summary>The same of a body that is still to be read, by its first bytes, which stay unread. Not of a compressed one: that is read first.</summary>
    public static async ValueTask<bool> TakesLongAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.Headers.ContentEncoding.Count > 0)
            return false;
        var read = await request.BodyReader.ReadAtLeastAsync(DigitReader.FirstSight, cancellation);
        var takesLong = BeginsLong(read.Buffer);
        request.BodyReader.AdvanceTo(read.Buffer.Start);
        return takesLong;

        static bool BeginsLong(ReadOnlySequence<byte> body)
        {
            Span<byte> first = stackalloc byte[DigitReader.FirstSight];
            body = body.Slice(0, Math.Min(body.Length, first.Length));
            body.CopyTo(first);
            return TakesLong(first[..(int)body.Length]);
        }
    }

    /// <param name="png">The file.</param>
    /// <param name="pixels">Receives 784 bytes.</param>
    /// <param name="place">Where the picture stood among others, or null where there is but one.</param>
    /// <returns>What was done to it, and how long that took.</returns>
    /// <exception cref="PictureException">It cannot be read; the message begins with its place.</exception>
    /// <exception cref="OperationCanceledException">The client hung up.</exception>
    public DigitReading Read(ReadOnlySpan<byte> png, Span<byte> pixels, string? place)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var reading = DigitReader.Read(png, pixels, limits.PicturePixels, preprocess);
            _pixelsLeft -= reading.Pixels;
            if (_pixelsLeft < 0)
                throw new PictureException(PictureError.TooManyPixels, $"expected at most {limits.RequestPixels} pixels in all pictures of a request, got more");
            return reading;
        }
        catch (PictureException error) when (place is not null)
        {
            throw new PictureException(error.Error, $"{place}: {error.Message}", error);
        }
    }
}
