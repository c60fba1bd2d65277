namespace MnistApi.Imaging;

/// <summary>Why a picture cannot be read.</summary>
public enum PictureError
{
    /// <summary>The bytes are no picture in a format that is read.</summary>
    NotPicture,

    /// <summary>The bytes begin like a picture and are incomplete or damaged.</summary>
    Damaged,

    /// <summary>The picture has more pixels than allowed.</summary>
    TooManyPixels,

    /// <summary>There is nothing to read: no ink, or nothing else.</summary>
    NoInk,

    /// <summary>There are several digits where one was expected.</summary>
    SeveralDigits,
}

/// <summary>A picture cannot be read; the message says what was expected and what came.</summary>
public sealed class PictureException : Exception
{
    public PictureException(PictureError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    public PictureError Error { get; }
}
