namespace MnistApi.Cli.Foreign;

/// <summary>A file of another framework cannot be read; the message says what was expected, what came and what to do.</summary>
public sealed class ForeignFormatException : Exception
{
    public ForeignFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
