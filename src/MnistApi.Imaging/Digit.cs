namespace MnistApi.Imaging;

/// <summary>One digit on a page.</summary>
/// <param name="ink">Its ink alone, 0 none to 255 full; the digit disposes of it.</param>
/// <param name="box">Where on the page it stands.</param>
internal sealed class Digit(Plane ink, Box box) : IDisposable
{
    private (float, float)? _stroke;

    public Plane Ink { get; private set; } = ink;

    public Box Box => box;

    /// <summary>How wide its strokes were as it was written, in pixels, and how many pixels are one of MNIST's.</summary>
    public (float Width, float Cell) Stroke => _stroke ??= StrokeWidth.Measure(Ink);

    /// <summary>Whether this is what the network is to see.</summary>
    public bool IsRead { get; set; }

    /// <summary>Puts another plane in the place of the one that there is.</summary>
    public void Replace(Plane ink, bool isRead = false)
    {
        Ink.Dispose();
        (Ink, IsRead) = (ink, isRead);
    }

    public void Dispose() => Ink.Dispose();
}
