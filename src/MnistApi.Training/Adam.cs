namespace MnistApi.Training;

/// <summary>Adam (Kingma and Ba 2015): steps along the running mean of the gradient, divided by the root of its running square.</summary>
internal sealed class Adam(int parameters)
{
    private const float MeanDecay = 0.9f;
    private const float SquareDecay = 0.999f;
    private const float Epsilon = 1e-8f;

    private readonly float[] _mean = new float[parameters];
    private readonly float[] _square = new float[parameters];
    private int _steps;

    public void Step(Span<float> weights, ReadOnlySpan<float> gradient, float learningRate)
    {
        _steps++;
        var meanScale = 1 / (1 - MathF.Pow(MeanDecay, _steps));
        var squareScale = 1 / (1 - MathF.Pow(SquareDecay, _steps));
        for (var i = 0; i < weights.Length; i++)
        {
            var g = gradient[i];
            var mean = _mean[i] = MeanDecay * _mean[i] + (1 - MeanDecay) * g;
            var square = _square[i] = SquareDecay * _square[i] + (1 - SquareDecay) * g * g;
            weights[i] -= learningRate * mean * meanScale / (MathF.Sqrt(square * squareScale) + Epsilon);
        }
    }
}
