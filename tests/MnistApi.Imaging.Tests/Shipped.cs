using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Imaging.Tests;

/// <summary>What the weights that come with the service answer.</summary>
internal static class Shipped
{
    private static readonly Network s_network =
        WeightsFile.Load(Path.Combine(AppContext.BaseDirectory, "mnist-784-50-100-10.safetensors")).Network;

    /// <summary>The digit that 784 bytes are taken for.</summary>
    public static int Answer(ReadOnlySpan<byte> pixels)
    {
        Span<float> probabilities = stackalloc float[MnistImage.Classes];
        s_network.Forward(pixels, probabilities);
        return Classes.Best(probabilities);
    }

    /// <summary>The digit that a picture is taken for, or why it is refused.</summary>
    public static string AnswerTo(byte[] png)
    {
        var pixels = new byte[MnistImage.Pixels];
        try
        {
            DigitReader.ReadDigit(png).Digits[0].Pixels.CopyTo(pixels);
        }
        catch (PictureException error)
        {
            return error.Message;
        }
        return $"{Answer(pixels)}";
    }
}
