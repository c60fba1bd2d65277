namespace MnistApi.Predict;

/// <summary>How much one request may bring. Keys Limits:BodyBytes and so on; environment variables Limits__BodyBytes and so on.</summary>
public sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Bytes of a request body.</summary>
    public int BodyBytes { get; set; } = 16 << 20;

    /// <summary>Images in a request, whatever their form.</summary>
    public int Instances { get; set; } = 10_000;

    /// <summary>File parts in a multipart request.</summary>
    public int Files { get; set; } = 64;

    /// <summary>Width times height of a picture, a row counting as at least 64 pixels; read from its header before it is decoded.</summary>
    public long PicturePixels { get; set; } = Imaging.DigitReader.DefaultMaxPixels;

    /// <summary>The same of all pictures in a request together.</summary>
    public long RequestPixels { get; set; } = Imaging.DigitReader.MostPixels;
}
