using MnistApi.Inference;
using MnistApi.Inference.Datasets;
using MnistApi.Inference.Weights;
using MnistApi.Model;

namespace MnistApi.Benchmarks;

/// <summary>What the benchmarks run on: the shipped weights, MNIST's test images, and uniform noise.</summary>
internal static class BenchmarkInputs
{
    private static readonly Lazy<MnistSet> s_test = new(() =>
        new MnistSource(Environment.GetEnvironmentVariable(MnistSource.EnvironmentVariable), download: true).LoadAsync(MnistSplit.Test)
            .GetAwaiter().GetResult());

    public static Network Network { get; } = WeightsFile.Load(new ModelOptions().Path).Network;

    /// <param name="name">"mnist" or "noise".</param>
    /// <param name="images">How many.</param>
    public static byte[] Pixels(string name, int images)
    {
        var pixels = new byte[images * MnistImage.Pixels];
        if (name == "noise")
            new Random(1).NextBytes(pixels);
        else
            s_test.Value.Pixels.Span[..pixels.Length].CopyTo(pixels);
        return pixels;
    }

    public static float[] Normalized(byte[] pixels) => [.. pixels.Select(pixel => pixel / (float)MnistImage.FullInk)];
}
