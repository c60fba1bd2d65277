using MnistApi.Imaging;
using MnistApi.Inference;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>
/// The images of one request: pixels, and pictures that a reader only collects. The pipeline reads the pictures, once it knows from their
/// headers how much work they are.
/// </summary>
internal sealed class RequestImages(LimitOptions limits) : IDisposable
{
    private readonly List<Picture> _pictures = [];
    private Dictionary<int, Steps>? _steps; // by image, of those that something was done to

    /// <summary>All images in the order given; those of pictures are filled by <see cref="ReadPictures"/>.</summary>
    public PixelBatch Pixels { get; } = new();

    /// <summary>How pictures are brought to 28x28.</summary>
    public Preprocess Preprocess { get; set; }

    /// <summary>How many of the images are pictures.</summary>
    public int Pictures => _pictures.Count;

    /// <summary>Pixels of all pictures, as their headers have them.</summary>
    public long PicturePixels { get; private set; }

    /// <summary>The time from decoded pictures to 28x28.</summary>
    public TimeSpan Preprocessing { get; private set; }

    /// <summary>Adds a picture as the next image.</summary>
    /// <param name="file">Its file, which has to stay as it is until it is read.</param>
    /// <param name="place">Where it stands in the request, for errors; null where it is the only one.</param>
    /// <exception cref="RefusedException">It does not begin as a picture does.</exception>
    public void AddPicture(ReadOnlyMemory<byte> file, string? place)
    {
        if (!PictureFile.Begins(file.Span))
        {
            file = Base64Text.OfDataUrl(file.Span) is { } decoded && PictureFile.Begins(decoded)
                ? decoded
                : throw new RefusedException(Refusal.Malformed,
                    $"{(place is null ? "" : $"{place}: ")}expected a PNG, got {Evident.Of(file.Span)}");
        }
        _pictures.Add(new Picture(file, place, Pixels.Count));
        Pixels.AddEmpty();
        PicturePixels += PictureFile.Pixels(file.Span);
    }

    /// <summary>Turns the pictures into pixels.</summary>
    /// <exception cref="PictureException">One cannot be read; the message begins with its place.</exception>
    /// <exception cref="OperationCanceledException">The client hung up.</exception>
    public void ReadPictures(CancellationToken cancellation)
    {
        Span<byte> pixels = stackalloc byte[MnistImage.Pixels];
        var pixelsLeft = limits.RequestPixels;
        foreach (var picture in _pictures)
        {
            cancellation.ThrowIfCancellationRequested();
            var reading = Read(picture, pixels, ref pixelsLeft);
            Pixels.Set(picture.Image, pixels);
            Preprocessing += reading.Preprocessing;
            if (reading.Steps != Steps.None)
                (_steps ??= []).Add(picture.Image, reading.Steps);
        }
    }

    /// <summary>What was done to an image's picture; nothing where it came as pixels.</summary>
    public Steps StepsOf(int image) => _steps?.GetValueOrDefault(image) ?? Steps.None;

    public void Dispose() => Pixels.Dispose();

    private DigitReading Read(Picture picture, Span<byte> pixels, ref long pixelsLeft)
    {
        try
        {
            var reading = DigitReader.Read(picture.File.Span, pixels, limits.PicturePixels, Preprocess);
            pixelsLeft -= reading.Pixels;
            if (pixelsLeft >= 0)
                return reading;
            throw new PictureException(PictureError.TooManyPixels,
                $"expected at most {limits.RequestPixels} pixels in all pictures of a request, got more");
        }
        catch (PictureException error) when (picture.Place is not null)
        {
            throw new PictureException(error.Error, $"{picture.Place}: {error.Message}", error);
        }
    }

    private readonly record struct Picture(ReadOnlyMemory<byte> File, string? Place, int Image);
}
