namespace MnistApi.Inference.Weights;

/// <summary>The tensors or metadata of a file do not describe a network that reads MNIST pictures.</summary>
public sealed class WeightsFormatException : Exception
{
    /// <summary>Makes the error with a sentence that says what was expected and what came.</summary>
    public WeightsFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
