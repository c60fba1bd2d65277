using MnistApi.Imaging;

namespace MnistApi.Predict;

/// <summary>
/// The images of one request: pixels, and pictures that a reader only collects. The pipeline reads the pictures, once it knows from their
/// headers how much work they are.
/// </summary>
internal sealed class RequestImages(LimitOptions limits) : IDisposable
{
    private readonly List<Picture> _pictures = [];
    private Dictionary<int, IReadOnlyList<string>>? _steps; // by image, of those that something was done to

    /// <summary>All images in the order given; those of pictures are filled by <see cref="ReadPictures"/>.</summary>
    public PixelBatch Pixels { get; } = new();

    public Preprocess Preprocess { get; set; }

    /// <summary>Whether a picture may have several digits; each becomes an image.</summary>
    public bool ExpectsNumbers { get; set; }

    /// <summary>What was read of each picture where <see cref="ExpectsNumbers"/>; their digits are the images, in the same order.</summary>
    public List<NumberReading> Numbers { get; } = [];

    public int Pictures => _pictures.Count;

    /// <summary>Pixels of all pictures, as their headers have them.</summary>
    public long PicturePixels { get; private set; }

    /// <summary>The time from decoded pictures to 28x28.</summary>
    public TimeSpan Preprocessing { get; private set; }

    /// <summary>Adds a picture, whose file has to stay as it is until it is read. The only one of a request has no place.</summary>
    public void AddPicture(ReadOnlyMemory<byte> file, string? place)
    {
        if (!DigitReader.IsPicture(file.Span))
        {
            file = Base64Text.OfDataUrl(file.Span) is { } decoded && DigitReader.IsPicture(decoded)
                ? decoded
                : throw Malformed($"{(place is null ? "" : $"{place}: ")}expected a PNG or JPEG, got {Evident.Of(file.Span)}");
        }
        _pictures.Add(new Picture(file, place, Pixels.Count));
        Pixels.AddEmpty();
        PicturePixels += DigitReader.PixelsAtFirstSight(file.Span);
    }

    public void ReadPictures(CancellationToken cancellation)
    {
        if (ExpectsNumbers)
            Pixels.Clear(); // there will be as many images as digits
        var pixelsLeft = limits.RequestPixels;
        foreach (var picture in _pictures)
        {
            cancellation.ThrowIfCancellationRequested();
            var reading = Read(picture, ref pixelsLeft);
            Preprocessing += reading.Preprocessing;
            if (ExpectsNumbers)
                Add(reading);
            else
                Set(picture.Image, reading.Digits[0], reading.Steps);
        }
    }

    /// <summary>What was done to an image's picture; nothing where it came as pixels.</summary>
    public IReadOnlyList<string> StepsOf(int image) => _steps?.GetValueOrDefault(image) ?? [];

    public void Dispose() => Pixels.Dispose();

    private void Add(NumberReading number)
    {
        Numbers.Add(number);
        foreach (var digit in number.Digits)
        {
            Pixels.AddEmpty();
            Set(Pixels.Count - 1, digit, number.Steps);
        }
    }

    private void Set(int image, DigitInPicture digit, IReadOnlyList<string> steps)
    {
        Pixels.Set(image, digit.Pixels);
        if (steps.Count > 0)
            (_steps ??= []).Add(image, steps);
    }

    private NumberReading Read(Picture picture, ref long pixelsLeft)
    {
        try
        {
            var file = picture.File.Span;
            var reading = ExpectsNumbers
                ? DigitReader.ReadNumber(file, limits.PicturePixels, Preprocess, limits.Formats)
                : DigitReader.ReadDigit(file, limits.PicturePixels, Preprocess, limits.Formats);
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
