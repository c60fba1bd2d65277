using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using MnistApi.Imaging;
using MnistApi.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Benchmarks;

/// <summary>What reading a picture costs: the decoder alone, all of it, and what comes after the decoder.</summary>
[MemoryDiagnoser]
public class ImagingBenchmarks
{
    private readonly byte[] _result = new byte[MnistImage.Pixels];
    private byte[] _png = [];
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
            byte[] colours = [.. light.SelectMany(level => new[] { level, (byte)(level * 15 / 16), (byte)(level * 7 / 8) })];
            _decoded = Image.LoadPixelData<Rgb24>(colours, side, side);
        }
        using var stream = new MemoryStream();
        _decoded.Save(stream, new PngEncoder { ColorType = _decoded is Image<L8> ? PngColorType.Grayscale : PngColorType.Rgb });
        _png = stream.ToArray();
    }

    [GlobalCleanup]
    public void Cleanup() => _decoded.Dispose();

    [Benchmark]
    public void Decode()
    {
        using var image = Image.Load(_png);
    }

    [Benchmark(Baseline = true)]
    public void All() => DigitReader.ReadDigit(_png, DigitReader.MaxPixels).Digits[0].Pixels.CopyTo(_result);

    [Benchmark]
    public void AfterTheDecoder()
    {
        var plane = _decoded is Image<L8> grey
            ? Shrink.ToCells(grey, 1, (row, _) => MemoryMarshal.AsBytes(row))
            : Shrink.ToCells((Image<Rgb24>)_decoded, 3, (row, _) => MemoryMarshal.AsBytes(row));
        var size = new PictureSize(_decoded.Width, _decoded.Height);
        using var page = new MnistApi.Imaging.Page(plane, size, Preprocess.Auto, Orientation.Upright);
        StepTable.Run(page);
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
            var paper = 200 - 80 * (x + y) / (2 * side);
            pixels[i] = Picture.StartsWith("mnist", StringComparison.Ordinal) ? (byte)ink
                : Picture.StartsWith("canvas", StringComparison.Ordinal) ? (byte)(255 - ink)
                : (byte)(paper * (255 - ink * 3 / 4) / 255 + random.Next(-5, 6));
        }
        return pixels;
    }
}
