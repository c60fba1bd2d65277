using MnistApi.Imaging;
using MnistApi.Startup;

namespace MnistApi.Predict;

/// <summary>How much one request may bring. Keys Limits:BodyBytes and so on; environment variables Limits__BodyBytes and so on.</summary>
internal sealed class LimitOptions : ISection
{
    public const string Section = "Limits";

    /// <summary>Bytes of a request body.</summary>
    public int BodyBytes { get; set; } = 16 << 20;

    /// <summary>Images in a request, whatever their form.</summary>
    public int Instances { get; set; } = 10_000;

    /// <summary>File parts in a multipart request.</summary>
    public int Files { get; set; } = 64;

    /// <summary>Width times height of a picture, a row counting as at least 64 pixels; read from its header before it is decoded.</summary>
    public long PicturePixels { get; set; } = DigitReader.DefaultMaxPixels;

    /// <summary>The same of all pictures in a request together.</summary>
    public long RequestPixels { get; set; } = DigitReader.MaxPixels;

    /// <summary>The formats that pictures are read in: Png, Jpeg, or both with a comma between.</summary>
    public PictureFormats Formats { get; set; } = PictureFormats.All;

    private const int MaxBodyBytes = 1 << 30;

    IEnumerable<string> ISection.Failures()
    {
        if (BodyBytes is <= 0 or > MaxBodyBytes)
            yield return Settings.Expected("Limits:BodyBytes", 1, MaxBodyBytes);
        if (Instances <= 0)
            yield return Settings.Expected("Limits:Instances", 1, int.MaxValue);
        if (Files <= 0)
            yield return Settings.Expected("Limits:Files", 1, int.MaxValue);
        if (PicturePixels is <= 0 or > DigitReader.MaxPixels)
            yield return Settings.Expected("Limits:PicturePixels", 1, DigitReader.MaxPixels);
        if (Formats == 0 || (Formats & ~PictureFormats.All) != 0)
            yield return "Limits:Formats (environment variable Limits__Formats): expected Png, Jpeg, or both with a comma between";
        if (RequestPixels <= 0)
            yield return Settings.Expected("Limits:RequestPixels", 1, long.MaxValue);
    }
}
