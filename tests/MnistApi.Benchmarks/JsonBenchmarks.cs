using System.Globalization;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using MnistApi.Inference;
using MnistApi.Predict;

namespace MnistApi.Benchmarks;

/// <summary>Reading instances: the strict reader over Utf8JsonReader against the fast one.</summary>
[MemoryDiagnoser]
public class ReadJsonBenchmarks
{
    private static readonly LimitOptions s_limits = new();
    private readonly RequestImages _images = new(s_limits);
    private byte[] _body = [];

    [Params("bytes", "spaced bytes", "floats")]
    public string Form { get; set; } = "";

    [Params(1, 100)]
    public int Images { get; set; }

    [GlobalSetup]
    public void Setup() => _body = Body(Form, Images);

    [Benchmark(Baseline = true)]
    public void Utf8JsonReader()
    {
        _images.Pixels.Clear();
        InstancesReader.Read(_body, s_limits.Instances, _images, isFast: false);
    }

    [Benchmark]
    public void Ours()
    {
        _images.Pixels.Clear();
        if (!InstancesReader.Read(_body, s_limits.Instances, _images).IsFast)
            throw new InvalidOperationException("the fast reader does not know this form");
    }

    /// <summary>MNIST's test images as clients write them.</summary>
    internal static byte[] Body(string form, int images)
    {
        var instances = BenchmarkInputs.Pixels("mnist", images).Chunk(MnistImage.Pixels).Select(image => form switch
        {
            "bytes" => $"[{string.Join(',', image)}]",
            "spaced bytes" => $"[{string.Join(", ", image)}]",
            _ => $"[{string.Join(", ", image.Select(Fraction))}]",
        });
        return Encoding.UTF8.GetBytes($"{{\"instances\":[{string.Join(", ", instances)}]}}");
    }

    private static string Fraction(byte pixel) => pixel == 0 ? "0.0" : (pixel / 255.0).ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Writing predictions: System.Text.Json over the response records against ours.</summary>
[MemoryDiagnoser]
public class WriteJsonBenchmarks
{
    private float[] _probabilities = [];
    private PredictResponse _response = new("", null, []);

    [Params(1, 100)]
    public int Images { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _probabilities = new float[Images * MnistImage.Classes];
        BenchmarkInputs.Network.Forward(BenchmarkInputs.Pixels("mnist", Images), _probabilities);
        _response = new PredictResponse("mnist", 255,
            [.. _probabilities.Chunk(MnistImage.Classes).Select(scores => new Prediction(Classes.Best(scores), scores.Max(), scores))]);
    }

    [Benchmark(Baseline = true)]
    public byte[] SystemTextJson() => JsonSerializer.SerializeToUtf8Bytes(_response, JsonSerializerOptions.Web);

    [Benchmark]
    public int Ours()
    {
        using var answer = PredictWriter.Write("mnist", _probabilities, 255);
        return answer.Length;
    }
}
