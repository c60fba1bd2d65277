using System.Buffers;
using System.Runtime.CompilerServices;
using MnistApi.Imaging;

namespace MnistApi.Overload;

/// <summary>
/// The one rule of which work is short. Short work is done at once, on the thread that received it; all other work waits for its turn. The
/// rule looks at the size of what came, never at the protocol that brought it.
/// </summary>
internal static class ShortWork
{
    /// <summary>The pixels in a body of this size take well below a millisecond.</summary>
    public const int MaxBytes = 256 << 10;

    /// <summary>A photograph with so many pixels takes the better part of a millisecond.</summary>
    public const int MaxPicturePixels = 10_000;

    /// <param name="bytes">Length of the request's body.</param>
    /// <param name="picturePixels">Pixels of all its pictures, as their headers have them.</param>
    public static bool Allows(long bytes, long picturePixels = 0) => bytes <= MaxBytes && picturePixels <= MaxPicturePixels;

    /// <summary>Whether a request may be short work by its head: its body is not compressed and not too long.</summary>
    public static bool IsAnnouncedBy(HttpRequest request) =>
        request.ContentLength is > 0 and var length && Allows(length) && request.Headers.ContentEncoding.Count == 0;

    /// <summary>
    /// Goes on in the thread pool: what is not short leaves the thread that received it, on which others may wait. The work has to be in
    /// the method that awaits this; a caller of that method may still be on its own thread afterwards.
    /// </summary>
    public static ConfiguredTaskAwaitable ToThreadPool() => Task.CompletedTask.ConfigureAwait(
        Thread.CurrentThread.IsThreadPoolThread ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.ForceYielding);

    /// <summary>Applies the rule before a body is read: to its announced length, and to its first bytes, which stay unread.</summary>
    public static async ValueTask<bool> AllowsAtFirstSightAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!Allows(request.ContentLength ?? 0))
            return false;
        if (request.Headers.ContentEncoding.Count > 0 || request.HasFormContentType)
            return true; // a picture does not begin where the body does
        var read = await request.BodyReader.ReadAtLeastAsync(DigitReader.FirstSight, cancellation);
        var isShort = Allows(0, PixelsOf(read.Buffer));
        request.BodyReader.AdvanceTo(read.Buffer.Start);
        return isShort;
    }

    private static long PixelsOf(ReadOnlySequence<byte> body)
    {
        Span<byte> first = stackalloc byte[DigitReader.FirstSight];
        body = body.Slice(0, Math.Min(body.Length, first.Length));
        body.CopyTo(first);
        return DigitReader.PixelsAtFirstSight(first[..(int)body.Length]);
    }
}
