namespace MnistApi.Problems;

/// <summary>Why a request is refused.</summary>
public enum Refusal
{
    Malformed,
    NotFound,
    TooLarge,
    UnsupportedMediaType,
    Unreadable, // well-formed, but its picture holds nothing to read, or several digits
    Unauthenticated,
    Busy, // the same work is under way already, or its sender has had its share
    Overloaded, // there is more work than the service takes on
    Unavailable, // something that the answer needs is not there
}

/// <summary>A request is refused; the message tells its sender what was expected, what came and where.</summary>
public sealed class RefusedException(Refusal reason, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public Refusal Reason { get; } = reason;

    public static RefusedException Malformed(string detail, Exception? inner = null) => new(Refusal.Malformed, detail, inner);
}
