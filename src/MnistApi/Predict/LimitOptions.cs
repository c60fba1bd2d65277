using MnistApi.Imaging;
using MnistApi.Startup;

namespace MnistApi.Predict;

/// <summary>How much one request may bring. Keys Limits:BodyBytes and so on; environment variables Limits__BodyBytes and so on.</summary>
internal sealed class LimitOptions : ISection
{
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

    public IEnumerable<string?> Failures() =>
    [
        Settings.Range(BodyBytes, "Limits:BodyBytes", 1, MaxBodyBytes),
        Settings.Range(Instances, "Limits:Instances", 1, int.MaxValue),
        Settings.Range(Files, "Limits:Files", 1, int.MaxValue),
        Settings.Range(PicturePixels, "Limits:PicturePixels", 1, DigitReader.MaxPixels),
        Settings.Check(Formats != 0 && (Formats & ~PictureFormats.All) == 0, "Limits:Formats", "Png, Jpeg, or both with a comma between"),
        Settings.Range(RequestPixels, "Limits:RequestPixels", 1, long.MaxValue),
    ];
}
