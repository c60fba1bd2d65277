using MnistApi.Inference;
using MnistApi.Inference.Weights;
using MnistApi.Model;
using MnistApi.TestData;

namespace MnistApi.Benchmarks;

/// <summary>What the benchmarks run on: the shipped weights, MNIST's test images, and uniform noise.</summary>
internal static class BenchmarkInputs
{
    public static Network Network { get; } = WeightsFile.Load(new ModelOptions().Path).Network;

    /// <param name="name">"mnist" or "noise".</param>
    /// <param name="images">How many.</param>
    public static byte[] Pixels(string name, int images)
    {
        var pixels = new byte[images * MnistImage.Pixels];
        if (name == "noise")
            new Random(1).NextBytes(pixels);
        else
            Mnist.TestAsync().GetAwaiter().GetResult().Pixels.Span[..pixels.Length].CopyTo(pixels);
        return pixels;
    }

    public static float[] Normalized(byte[] pixels) => [.. pixels.Select(pixel => pixel / (float)MnistImage.FullInk)];
}
