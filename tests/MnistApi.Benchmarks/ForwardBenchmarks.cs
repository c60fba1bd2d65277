using BenchmarkDotNet.Attributes;
using MnistApi.Inference;

namespace MnistApi.Benchmarks;

/// <summary>The forward pass against its peers, same weights, one thread.</summary>
[MemoryDiagnoser]
public class ForwardBenchmarks
{
    private readonly Network _network = BenchmarkInputs.Network;
    private readonly TensorPrimitivesPeer _tensorPrimitives = new(BenchmarkInputs.Network);
    private byte[] _pixels = [];
    private float[] _normalized = [];
    private float[] _y = [];
    private OnnxPeer? _onnx;

    [Params(1, 100, 1000, 10000)]
    public int Batch { get; set; }

    [Params("mnist", "noise")]
    public string Images { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _pixels = BenchmarkInputs.Pixels(Images, Batch);
        _normalized = BenchmarkInputs.Normalized(_pixels);
        _y = new float[Batch * MnistImage.Classes];
        _onnx = new OnnxPeer(_network, _normalized, _y);
    }

    [GlobalCleanup]
    public void Cleanup() => _onnx?.Dispose();

    [Benchmark(Baseline = true)]
    public void OnnxRuntime() => _onnx!.Run();

    [Benchmark]
    public void Bytes() => _network.Forward(_pixels, _y);

    [Benchmark]
    public void Floats() => _network.Forward(_normalized, _y);

    [Benchmark]
    public void BytesSharedAmongThreads() => _network.ForwardParallel(_pixels, _y);

    [Benchmark]
    public void TensorPrimitives() => _tensorPrimitives.Run(_normalized, _y);

    [Benchmark]
    public void Scalar() => ScalarPeer.Run(_network, _normalized, _y);
}
