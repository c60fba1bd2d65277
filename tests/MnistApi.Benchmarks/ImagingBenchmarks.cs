using BenchmarkDotNet.Attributes;
using MnistApi.Imaging;
using MnistApi.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Benchmarks;

/// <summary>What finding the digit costs: all of it beside decoding, which is what
/// preprocess=none comes to, and alone, on the picture as the decoder left it.</summary>
[MemoryDiagnoser]
public class ImagingBenchmarks
{
    private readonly byte[] _result = new byte[MnistImage.Pixels];
    private byte[] _png = [];
    private PngHeader _header;
    private Image _decoded = new Image<L8>(1, 1);

    [Params("mnist 28x28", "canvas 280x280", "photograph 280x280", "photograph 4096x4096", "in colour 4096x4096")]
    public string Picture { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var side = Picture.Contains("4096") ? 4096 : Picture.Contains("280") ? 280 : MnistImage.Width;
        var light = Light(side);
        _decoded = Image.LoadPixelData<L8>(light, side, side);
        if (Picture.StartsWith("in colour", StringComparison.Ordinal))
        {
            _decoded = Image.LoadPixelData<Rgb24>(
                [.. light.SelectMany(level => new[] { level, (byte)(level * 15 / 16), (byte)(level * 7 / 8) })], side, side);
        }
        using var stream = new MemoryStream();
        _decoded.Save(stream, new PngEncoder { ColorType = _decoded is Image<L8> ? PngColorType.Grayscale : PngColorType.Rgb });
        _png = stream.ToArray();
        _header = PngFile.Read(_png).Header;
    }

    [GlobalCleanup]
    public void Cleanup() => _decoded.Dispose();

    [Benchmark(Baseline = true)]
    public void DecodeAndResize() => DigitReader.Read(_png, _result, DigitReader.MostPixels, Preprocess.None);

    [Benchmark]
    public void DecodeAndFindTheDigit() => DigitReader.Read(_png, _result, DigitReader.MostPixels);

    [Benchmark]
    public void FindTheDigit()
    {
        Steps steps = default;
        using var plane = _decoded is Image<L8> grey ? PngDecoding.ToGrey(grey)
            : PngDecoding.ToGrey((Image<Rgb24>)_decoded, Preprocess.Auto, ref steps);
        DigitReader.Find(plane, _header, _result, ref steps);
    }

    /// <summary>A test digit as it is, black on white, or on paper with uneven light and grain.</summary>
    private byte[] Light(int side)
    {
        var digit = BenchmarkInputs.Pixels("mnist", 1);
        var random = new Random(1);
        var pixels = new byte[side * side];
        for (var i = 0; i < pixels.Length; i++)
        {
            int x = i % side, y = i / side;
            int ink = digit[y * MnistImage.Height / side * MnistImage.Width + x * MnistImage.Width / side];
            pixels[i] = Picture.StartsWith("mnist", StringComparison.Ordinal) ? (byte)ink
                : !Picture.StartsWith("canvas", StringComparison.Ordinal)
                    ? (byte)((200 - 80 * (x + y) / (2 * side)) * (255 - ink * 3 / 4) / 255 + random.Next(-5, 6))
                : (byte)(255 - ink);
        }
        return pixels;
    }
}
