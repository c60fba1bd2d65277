namespace MnistApi.Inference.Weights;

/// <summary>The rule of the safetensors format that a file breaks.</summary>
public enum SafetensorsError
{
    /// <summary>Fewer than the 8 bytes that hold the header's length.</summary>
    FileTooShort,

    /// <summary>The header is longer than <see cref="SafetensorsReader.MaxHeaderBytes"/>.</summary>
    HeaderTooLarge,

    /// <summary>The header is longer than the file.</summary>
    HeaderTruncated,

    /// <summary>The header is no JSON object, or does not begin with its brace.</summary>
    HeaderNotJson,

    /// <summary>A name stands twice.</summary>
    DuplicateName,

    /// <summary>__metadata__ is not an object of strings.</summary>
    BadMetadata,

    /// <summary>A tensor's entry lacks dtype, shape or data_offsets, has one of the wrong kind, or has something else.</summary>
    BadEntry,

    /// <summary>The data type is not F32.</summary>
    UnsupportedDtype,

    /// <summary>A shape's product, times four bytes, is beyond what a file can hold.</summary>
    ShapeOverflow,

    /// <summary>The offsets run backwards or do not match the shape.</summary>
    SizeMismatch,

    /// <summary>A tensor reaches beyond the file's end.</summary>
    OutOfBounds,

    /// <summary>Two tensors share bytes.</summary>
    Overlap,

    /// <summary>Bytes that belong to no tensor lie before or between tensors.</summary>
    Hole,

    /// <summary>Bytes that belong to no tensor lie after the last one.</summary>
    TrailingBytes,
}

/// <summary>A file is not a safetensors file that this reader accepts.</summary>
public sealed class SafetensorsException : Exception
{
    /// <summary>Makes the error with a sentence that says what was expected, what came and where.</summary>
    public SafetensorsException(SafetensorsError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    /// <summary>The broken rule.</summary>
    public SafetensorsError Error { get; }
}
