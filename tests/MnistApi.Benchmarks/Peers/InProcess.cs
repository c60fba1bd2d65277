using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using MnistApi.Inference;

namespace MnistApi.Benchmarks;

/// <summary>ONNX Runtime with the same weights; input and output bound once, so that nothing but its own work is measured.</summary>
internal sealed class OnnxPeer : IDisposable
{
    private readonly SessionOptions _options;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtValue _x;
    private readonly OrtValue _y;

    public OnnxPeer(Network network, float[] x, float[] y, int threads = 1)
    {
        _options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(OnnxFile.Of(network), _options);
        var batch = x.Length / network.Inputs;
        _x = OrtValue.CreateTensorValueFromMemory(x, [batch, network.Inputs]);
        _y = OrtValue.CreateTensorValueFromMemory(y, [batch, network.Outputs]);
    }

    public void Run() => _session.Run(_run, ["x"], [_x], ["y"], [_y]);

    public void Dispose()
    {
        _x.Dispose();
        _y.Dispose();
        _run.Dispose();
        _session.Dispose();
        _options.Dispose();
    }
}

/// <summary>The chapter's loops, written down plainly.</summary>
internal static class ScalarPeer
{
    public static void Run(Network network, ReadOnlySpan<float> x, Span<float> y)
    {
        var batch = x.Length / network.Inputs;
        for (var image = 0; image < batch; image++)
        {
            var z = x.Slice(image * network.Inputs, network.Inputs).ToArray();
            foreach (var layer in network.Layers)
            {
                var a = layer.Bias.ToArray();
                for (var i = 0; i < layer.Inputs; i++)
                {
                    for (var j = 0; j < layer.Outputs; j++)
                        a[j] += z[i] * layer.Weights[i * layer.Outputs + j];
                }
                z = Activate(layer.Activation, a);
            }
            z.CopyTo(y[(image * network.Outputs)..]);
        }
    }

    private static float[] Activate(Activation activation, float[] a)
    {
        if (activation == Activation.Sigmoid)
            return [.. a.Select(value => 1 / (1 + MathF.Exp(-value)))];
        var max = a.Max();
        var e = a.Select(value => MathF.Exp(value - max)).ToArray();
        var sum = e.Sum();
        return [.. e.Select(value => value / sum)];
    }
}

/// <summary>What one writes with the framework's vectorised primitives: a dot product an output, over transposed weights.</summary>
internal sealed class TensorPrimitivesPeer(Network network)
{
    private readonly float[][] _columns = [.. network.Layers.Select(Transpose)];

    public void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        var batch = x.Length / network.Inputs;
        var widest = network.Layers.Max(layer => layer.Outputs);
        scoped Span<float> z = stackalloc float[widest];
        scoped Span<float> a = stackalloc float[widest];
        for (var image = 0; image < batch; image++)
        {
            scoped var input = x.Slice(image * network.Inputs, network.Inputs);
            for (var i = 0; i < network.Layers.Count; i++)
            {
                var layer = network.Layers[i];
                for (var j = 0; j < layer.Outputs; j++)
                    a[j] = TensorPrimitives.Dot(input, _columns[i].AsSpan(j * layer.Inputs, layer.Inputs));
                var sums = a[..layer.Outputs];
                TensorPrimitives.Add(sums, layer.Bias, sums);
                if (layer.Activation == Activation.Sigmoid)
                    TensorPrimitives.Sigmoid(sums, z);
                else
                    TensorPrimitives.SoftMax(sums, z);
                input = z[..layer.Outputs];
            }
            input.CopyTo(y[(image * network.Outputs)..]);
        }
    }

    private static float[] Transpose(DenseLayer layer)
    {
        var columns = new float[layer.Weights.Length];
        for (var i = 0; i < layer.Inputs; i++)
        {
            for (var j = 0; j < layer.Outputs; j++)
                columns[j * layer.Inputs + i] = layer.Weights[i * layer.Outputs + j];
        }
        return columns;
    }
}
