namespace MnistApi.Problems;

/// <summary>Why a request is refused.</summary>
public enum Refusal
{
    /// <summary>The request does not say what was asked of it.</summary>
    Malformed,

    /// <summary>It names something that is not there.</summary>
    NotFound,

    /// <summary>It, or something in it, is larger than the limits allow.</summary>
    TooLarge,

    /// <summary>Its content type is none that the endpoint reads.</summary>
    UnsupportedMediaType,

    /// <summary>It is well-formed, but its picture holds nothing to read, or several digits.</summary>
    Unreadable,

    /// <summary>The same work is under way already; later it can be done.</summary>
    Busy,

    /// <summary>Something that the answer needs is not there.</summary>
    Unavailable,
}

/// <summary>A request is refused; the message tells its sender what was expected, what came and where.</summary>
public sealed class RefusedException(Refusal reason, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public Refusal Reason { get; } = reason;
}
