using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MnistApi.Training;

/// <summary>
/// A batch on its way through a network and back: what each layer's units pass on (z) and how the loss changes with
/// their sums (delta), one picture a row. Rows do not depend on each other, so threads may share them out.
/// </summary>
internal sealed class Backpropagation
{
    private readonly Parameters _parameters;
    private readonly float[][] _z; // z[0] is x, the last one y
    private readonly float[][] _delta; // dL/da of each layer; none for the inputs
    private readonly float[][] _transposed; // W of each layer, outputs x inputs

    /// <param name="parameters">The network; may change between passes, see <see cref="Transpose"/>.</param>
    /// <param name="rows">Room for this many pictures, a multiple of <see cref="MatrixProduct.TileRows"/>.</param>
    /// <param name="input">Where the pictures are, rows x Stride(0); to share them with another network.</param>
    public Backpropagation(Parameters parameters, int rows, float[]? input = null)
    {
        _parameters = parameters;
        var layers = Enumerable.Range(1, parameters.Layers).ToArray();
        _z = [input ?? new float[rows * parameters.Stride(0)], .. layers.Select(layer => new float[rows * parameters.Stride(layer)])];
        _delta = [[], .. layers.Select(layer => new float[rows * parameters.Stride(layer)])];
        _transposed = [[], .. layers.SkipLast(1).Select(layer => new float[parameters.Width(layer + 1) * parameters.Stride(layer)])];
        for (var layer = 0; layer < parameters.Layers; layer++)
        {
            for (var row = 0; row < rows; row++)
                _z[layer][row * parameters.Stride(layer) + parameters.Width(layer)] = 1; // the bias's input
        }
    }

    /// <summary>All pictures, rows x Stride(0).</summary>
    public float[] Inputs => _z[0];

    /// <summary>A picture's numbers in 0..1.</summary>
    public Span<float> Input(int row) => Units(_z, 0, row);

    /// <summary>A picture's probabilities.</summary>
    public Span<float> Output(int row) => Units(_z, _parameters.Layers, row);

    /// <summary>From pictures to probabilities.</summary>
    public void Forward(int first, int rows)
    {
        for (var layer = 0; layer < _parameters.Layers; layer++)
        {
            int from = _parameters.Stride(layer), to = _parameters.Stride(layer + 1);
            var z = _z[layer + 1].AsSpan(first * to, rows * to);
            z.Clear();
            MatrixProduct.Add(
                _z[layer].AsSpan(first * from), from, 1, _parameters.Layer(layer), to, z, to, rows, to, _parameters.Width(layer) + 1);
            for (var row = first; row < first + rows; row++)
            {
                var units = Units(_z, layer + 1, row);
                if (layer == _parameters.Layers - 1)
                {
                    Softmax(units);
                    continue;
                }
                TensorPrimitives.Sigmoid(units, units);
                TensorPrimitives.Multiply(units, 2, units);
                TensorPrimitives.Subtract(units, 1, units);
                _z[layer + 1][row * to + units.Length] = 1;
            }
        }
    }

    /// <summary>Summed in order, so that the bits do not depend on the width of the processor's vectors.</summary>
    private static void Softmax(Span<float> units)
    {
        TensorPrimitives.Subtract(units, TensorPrimitives.Max<float>(units), units);
        TensorPrimitives.Exp(units, units);
        var sum = 0f;
        foreach (var unit in units)
            sum += unit;
        TensorPrimitives.Divide(units, sum, units);
    }

    /// <summary>From the difference to the probabilities wanted, one row of <paramref name="targets"/> a picture, to all deltas.</summary>
    public void Backward(int first, int rows, ReadOnlySpan<float> targets)
    {
        var outputs = _parameters.Width(_parameters.Layers);
        for (var row = first; row < first + rows; row++)
        {
            // The gradient of softmax with cross-entropy is y - t.
            TensorPrimitives.Subtract(Output(row), targets.Slice(row * outputs, outputs), Units(_delta, _parameters.Layers, row));
        }
        for (var layer = _parameters.Layers - 1; layer > 0; layer--)
        {
            int from = _parameters.Stride(layer + 1), to = _parameters.Stride(layer);
            var delta = _delta[layer].AsSpan(first * to, rows * to);
            delta.Clear();
            MatrixProduct.Add(
                _delta[layer + 1].AsSpan(first * from), from, 1, _transposed[layer], to, delta, to, rows, to, _parameters.Width(layer + 1));
            MultiplyBySlope(_z[layer].AsSpan(first * to, rows * to), delta);
        }
    }

    /// <summary>Adds dL/dW for some of a layer's rows, summed over all pictures in their order.</summary>
    public void AddGradient(int layer, int firstInput, int inputs, int pictures, Span<float> gradient)
    {
        int from = _parameters.Stride(layer), to = _parameters.Stride(layer + 1);
        MatrixProduct.Add(_z[layer].AsSpan(firstInput), 1, from, _delta[layer + 1], to, gradient, to, inputs, to, pictures);
    }

    /// <summary>Must follow each change of the parameters, for the same rows.</summary>
    public void Transpose(int layer, int firstInput, int inputs)
    {
        if (layer == 0)
            return; // nothing goes back to the pictures
        var stride = _parameters.Stride(layer);
        for (var input = firstInput; input < Math.Min(firstInput + inputs, _parameters.Width(layer)); input++)
        {
            var row = _parameters.Row(layer, input);
            for (var output = 0; output < row.Length; output++)
                _transposed[layer][output * stride + input] = row[output];
        }
    }

    /// <summary>delta times the slope of 2 sigmoid(a) - 1, which is (1 - z²) / 2: 0 at
    /// the constant 1; in the padding delta is 0 itself.</summary>
    private static void MultiplyBySlope(ReadOnlySpan<float> units, Span<float> deltas)
    {
        var z = MemoryMarshal.Cast<float, Vector512<float>>(units);
        var delta = MemoryMarshal.Cast<float, Vector512<float>>(deltas);
        var half = Vector512.Create(0.5f);
        for (var i = 0; i < delta.Length; i++)
            delta[i] *= half - half * z[i] * z[i];
    }

    private Span<float> Units(float[][] values, int layer, int row) =>
        values[layer].AsSpan(row * _parameters.Stride(layer), _parameters.Width(layer));
}
