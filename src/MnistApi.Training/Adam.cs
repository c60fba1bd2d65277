using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MnistApi.Training;

/// <summary>Adam (Kingma and Ba 2015): steps along the running mean of the gradient, divided by the root of its running square.</summary>
internal sealed class Adam(Parameters shape)
{
    private const float MeanDecay = 0.9f;
    private const float SquareDecay = 0.999f;
    private const float Epsilon = 1e-8f;

    private float _rate;
    private float _squareScale;

    /// <summary>Running mean of each layer's gradient.</summary>
    public float[][] Mean { get; } = [.. Enumerable.Range(0, shape.Layers).Select(layer => new float[shape.Layer(layer).Length])];

    /// <summary>Running mean of its square.</summary>
    public float[][] Square { get; } = [.. Enumerable.Range(0, shape.Layers).Select(layer => new float[shape.Layer(layer).Length])];

    /// <summary>Prepares the step with this number, from 1.</summary>
    public void Begin(long step, float learningRate)
    {
        _rate = learningRate / (float)(1 - Math.Pow(MeanDecay, step));
        _squareScale = 1 / (float)(1 - Math.Pow(SquareDecay, step));
    }

    /// <summary>Moves some of a layer's weights; any part of them at a time, in any order.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="first">Where in the layer's array <paramref name="gradient"/> begins.</param>
    /// <param name="weights">The layer's array.</param>
    /// <param name="gradient">A multiple of 16 numbers.</param>
    public void Step(int layer, int first, float[] weights, ReadOnlySpan<float> gradient)
    {
        var w = MemoryMarshal.Cast<float, Vector512<float>>(weights.AsSpan(first, gradient.Length));
        var mean = MemoryMarshal.Cast<float, Vector512<float>>(Mean[layer].AsSpan(first, gradient.Length));
        var square = MemoryMarshal.Cast<float, Vector512<float>>(Square[layer].AsSpan(first, gradient.Length));
        var g = MemoryMarshal.Cast<float, Vector512<float>>(gradient);
        for (var i = 0; i < g.Length; i++)
        {
            mean[i] = MeanDecay * mean[i] + (1 - MeanDecay) * g[i];
            square[i] = SquareDecay * square[i] + (1 - SquareDecay) * (g[i] * g[i]);
            w[i] -= _rate * mean[i] / (Vector512.Sqrt(square[i] * _squareScale) + Vector512.Create(Epsilon));
        }
    }
}
