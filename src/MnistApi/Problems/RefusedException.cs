namespace MnistApi.Problems;

/// <summary>Why a request is refused.</summary>
public enum Refusal
{
    /// <summary>The request does not say what was asked of it.</summary>
    Malformed,

    /// <summary>It asks for something that is not here, such as another model.</summary>
    NotFound,

    /// <summary>It, or something in it, is larger than the limits allow.</summary>
    TooLarge,

    /// <summary>Its content type is none that the endpoint reads.</summary>
    UnsupportedMediaType,

    /// <summary>It is well-formed, but its picture holds nothing to read, or several digits.</summary>
    Unreadable,

    /// <summary>It lacks an API key that is known.</summary>
    Unauthenticated,

    /// <summary>The same work is under way already, or its sender has had its share; later it can be done.</summary>
    Busy,

    /// <summary>There is more work than the service takes on; later it can be done.</summary>
    Overloaded,

    /// <summary>Something that the answer needs is not there.</summary>
    Unavailable,
}

/// <summary>A request is refused; the message tells its sender what was expected, what came and where.</summary>
public sealed class RefusedException(Refusal reason, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public Refusal Reason { get; } = reason;
}
