using BenchmarkDotNet.Attributes;
using MnistApi.Imaging;
using MnistApi.Inference;

namespace MnistApi.Benchmarks;

/// <summary>What finding the digit costs beside decoding, which is what preprocess=none comes to.</summary>
[MemoryDiagnoser]
public class ImagingBenchmarks
{
    private readonly byte[] _result = new byte[MnistImage.Pixels];
    private byte[] _png = [];

    [Params("mnist 28x28", "canvas 280x280", "photograph 280x280", "photograph 4096x4096")]
    public string Picture { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var digit = BenchmarkInputs.Pixels("mnist", 1);
        var side = Picture.StartsWith("mnist", StringComparison.Ordinal) ? MnistImage.Width : Picture.Contains("4096") ? 4096 : 280;
        var isPhotograph = Picture.StartsWith("photograph", StringComparison.Ordinal);
        var random = new Random(1);
        var pixels = new byte[side * side];
        for (var i = 0; i < pixels.Length; i++)
        {
            int x = i % side, y = i / side;
            int ink = digit[y * MnistImage.Height / side * MnistImage.Width + x * MnistImage.Width / side];
            pixels[i] = side == MnistImage.Width ? (byte)ink
                : isPhotograph ? (byte)((200 - 80 * (x + y) / (2 * side)) * (255 - ink * 3 / 4) / 255 + random.Next(-5, 6))
                : (byte)(255 - ink);
        }
        _png = PngEncoding.Encode(pixels, side, side);
    }

    [Benchmark(Baseline = true)]
    public void DecodeAndResize() => DigitReader.Read(_png, _result, DigitReader.MostPixels, Preprocess.None);

    [Benchmark]
    public void FindTheDigit() => DigitReader.Read(_png, _result, DigitReader.MostPixels);
}
