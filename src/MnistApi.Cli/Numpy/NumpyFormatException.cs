namespace MnistApi.Cli.Numpy;

/// <summary>A file does not hold numpy arrays as expected; the message says what was expected and what came.</summary>
public sealed class NumpyFormatException : Exception
{
    public NumpyFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
