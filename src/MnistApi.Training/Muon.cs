using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MnistApi.Training;

/// <summary>
/// Muon (Jordan 2024): the running mean of a weight matrix's gradient, with all its singular values brought near 1 by
/// a polynomial of the matrix, so that the weights move as far in rare directions as in common ones.
/// </summary>
internal sealed class Muon
{
    /// <summary>Its cost grows with the square of a layer's units: beyond this many it does not pay.</summary>
    public const int MaxUnits = 128;

    private const float MeanDecay = 0.95f;
    private const float Size = 0.2f; // of a step, root mean square, for a learning rate of 1: about Adam's
    private const int Iterations = 5;
    private const float A = 3.4445f, B = -4.7750f, C = 2.0315f; // the polynomial's coefficients, as published

    private readonly int _rows;
    private readonly int _columns;
    private readonly float[] _direction;
    private readonly float[] _next;
    private readonly float[] _gram;
    private readonly float[] _polynomial;

    public Muon(Parameters shape, int layer)
    {
        Layer = layer;
        (_rows, _columns) = (shape.Rows(layer), shape.Stride(layer + 1));
        Mean = new float[_rows * _columns];
        _direction = new float[Mean.Length];
        _next = new float[Mean.Length];
        _gram = new float[_columns * _columns];
        _polynomial = new float[_columns * _columns];
    }

    public int Layer { get; }

    /// <summary>Running mean of the gradient.</summary>
    public float[] Mean { get; }

    /// <summary>Moves the layer's weights, biases included.</summary>
    public void Step(Span<float> weights, ReadOnlySpan<float> gradient, float learningRate)
    {
        TensorPrimitives.Multiply(Mean, MeanDecay, Mean);
        TensorPrimitives.MultiplyAdd(gradient, 1 - MeanDecay, Mean, Mean);
        TensorPrimitives.Lerp(Mean, gradient, 1 - MeanDecay, _direction); // Nesterov's look ahead
        TensorPrimitives.Divide(_direction, Norm(_direction) + 1e-12f, _direction);
        var (x, next) = (_direction, _next);
        for (var i = 0; i < Iterations; i++)
        {
            // X <- X (A + B G + C G²), G = XᵀX
            Array.Clear(_gram);
            MatrixProduct.Add(x, 1, _columns, x, _columns, _gram, _columns, _columns, _columns, _rows);
            TensorPrimitives.Multiply(_gram, B / C, _polynomial);
            MatrixProduct.Add(_gram, _columns, 1, _gram, _columns, _polynomial, _columns, _columns, _columns, _columns);
            TensorPrimitives.Multiply(_polynomial, C, _polynomial);
            TensorPrimitives.Multiply(x, A, next);
            MatrixProduct.Add(x, _columns, 1, _polynomial, _columns, next, _columns, _rows, _columns, _columns);
            (x, next) = (next, x);
        }
        TensorPrimitives.MultiplyAdd(x, -learningRate * Size * MathF.Sqrt(Math.Max(_rows, _columns)), weights, weights);
    }

    /// <summary>The root of the sum of squares, added up in sixteen columns whatever the width of the processor's vectors.</summary>
    private static float Norm(ReadOnlySpan<float> values)
    {
        var columns = Vector512<float>.Zero;
        foreach (var value in MemoryMarshal.Cast<float, Vector512<float>>(values))
            columns += value * value;
        var sum = 0f;
        for (var i = 0; i < Vector512<float>.Count; i++)
            sum += columns[i];
        return MathF.Sqrt(sum);
    }
}
