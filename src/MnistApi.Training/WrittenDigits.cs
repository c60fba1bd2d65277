using System.Numerics.Tensors;
using MnistApi.Inference;

namespace MnistApi.Training;

/// <summary>Digits in the trainer's own handwriting as pictures: to see what networks
/// learn from, and to try one where there is no other data.</summary>
public static class WrittenDigits
{
    /// <summary>Writes one in one of the ways people do; the same for the same arguments.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="seed">What all chance is drawn from.</param>
    /// <param name="index">Which of the seed's digits.</param>
    /// <param name="picture">Receives 784 bytes, 0 background to 255 ink, placed as MNIST's are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such digit.</exception>
    /// <exception cref="ArgumentException">There is no room for the picture.</exception>
    public static void Draw(int digit, int seed, int index, Span<byte> picture)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(digit);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(digit, MnistImage.Classes);
        var random = new RandomStream(seed, digit, index);
        Span<float> box = stackalloc float[MnistBox.Side * MnistBox.Side];
        Span<float> pixels = stackalloc float[MnistImage.Pixels];
        new Handwriting().Digit(digit, ref random, box);
        MnistBox.Paste(box, pixels);
        TensorPrimitives.Multiply(pixels, MnistImage.FullInk, pixels);
        TensorPrimitives.Round(pixels, pixels);
        TensorPrimitives.ConvertTruncating<float, byte>(pixels, picture);
    }
}
