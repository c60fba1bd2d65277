namespace MnistApi.Imaging;

/// <summary>A picture on its way to the network, as the steps of <see cref="StepTable"/> find it and leave it.</summary>
/// <param name="plane">As it was decoded; the page disposes of it.</param>
/// <param name="source">How large it was.</param>
/// <param name="preprocess">How it is to be brought to 28x28.</param>
/// <param name="orientation">How the file says that it is to be turned, see <see cref="Imaging.Orientation"/>.</param>
internal sealed class Page(Plane plane, PictureSize source, Preprocess preprocess, int orientation) : IDisposable
{
    /// <summary>
    /// At first 4 channels (red, green and blue times the opacity, the opacity), 3 (red, green, blue) or 1 (grey); then grey, 0 black
    /// to 255 white; once its background is off, ink, 0 none to 255 full.
    /// </summary>
    public Plane Plane { get; private set; } = plane;

    public PictureSize Source => source;

    public Preprocess Preprocess => preprocess;

    public int Orientation => orientation;

    /// <summary>What the ink stands on, a level for each cell, once it is fitted; the page disposes of it.</summary>
    public Plane? Background { get; set; }

    /// <summary>How the ink's levels lie, once the background is off.</summary>
    public InkLevels Levels { get; set; }

    /// <summary>What was found on it, from left to right.</summary>
    public IReadOnlyList<Digit> Digits { get; set; } = [];

    /// <summary>Whether the digits are 28x28 and there is nothing left to do.</summary>
    public bool IsRead { get; set; }

    /// <summary>Puts another plane in the place of the one that there is.</summary>
    public void Replace(Plane plane)
    {
        Plane.Dispose();
        Plane = plane;
    }

    /// <summary>The whole page is one digit, and this is what the network is to see of it.</summary>
    public void Finish(Plane digit)
    {
        Digits = [new Digit(digit, Box.Of(Plane))];
        IsRead = true;
    }

    public void Dispose()
    {
        Plane.Dispose();
        Background?.Dispose();
        foreach (var digit in Digits)
            digit.Ink.Dispose();
    }
}

/// <summary>One digit on a page.</summary>
/// <param name="ink">Its ink alone, 0 none to 255 full; the page disposes of it.</param>
/// <param name="box">Where on the page it stands.</param>
internal sealed class Digit(Plane ink, Box box)
{
    private (float, float)? _stroke;

    public Plane Ink { get; private set; } = ink;

    public Box Box => box;

    /// <summary>How wide its strokes were as it was written, in pixels, and how many pixels are one of MNIST's.</summary>
    public (float Width, float Cell) Stroke => _stroke ??= StrokeWidth.Measure(Ink);

    /// <summary>Puts another plane in the place of the one that there is.</summary>
    public void Replace(Plane plane)
    {
        Ink.Dispose();
        Ink = plane;
    }
}
