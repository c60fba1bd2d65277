using System.Numerics.Tensors;
using MnistApi.Inference;

namespace MnistApi.Training;

/// <summary>Gradient of the cross-entropy of sigmoid networks with a softmax at the end, one picture after the other.</summary>
internal sealed class Backpropagation
{
    private readonly float[][] _z; // what each layer passes on: z[0] is x, the last one y
    private readonly float[][] _delta; // dL/da of each layer

    public Backpropagation(Parameters shape)
    {
        Gradient = new Parameters(Enumerable.Range(0, shape.Layers).Select(shape.Inputs).Append(shape.Outputs(shape.Layers - 1)));
        _z = [.. Enumerable.Range(0, shape.Layers).Select(layer => new float[shape.Inputs(layer)]), new float[shape.Outputs(shape.Layers - 1)]];
        _delta = [.. Enumerable.Range(0, shape.Layers).Select(layer => new float[shape.Outputs(layer)])];
    }

    /// <summary>The sum of the gradients since <see cref="Reset"/>.</summary>
    public Parameters Gradient { get; }

    /// <summary>The sum of the losses since <see cref="Reset"/>.</summary>
    public double Loss { get; private set; }

    /// <summary>Where to put the next picture, 784 numbers in 0..1.</summary>
    public Span<float> Input => _z[0];

    public void Reset()
    {
        Array.Clear(Gradient.All);
        Loss = 0;
    }

    /// <summary>Adds the gradient and the loss for <see cref="Input"/> and its digit.</summary>
    public void Add(Parameters parameters, int label)
    {
        Forward(parameters);
        Loss -= MathF.Log(MathF.Max(_z[^1][label], 1e-30f));
        Backward(parameters, label);
    }

    private void Forward(Parameters parameters)
    {
        for (var layer = 0; layer < parameters.Layers; layer++)
        {
            var a = _z[layer + 1].AsSpan();
            parameters.Bias(layer).CopyTo(a);
            for (var i = 0; i < _z[layer].Length; i++)
            {
                if (_z[layer][i] != 0)
                    TensorPrimitives.MultiplyAdd(parameters.Row(layer, i), _z[layer][i], a, a); // a += z_i W_i
            }
            Activations.Apply(layer == parameters.Layers - 1 ? Activation.Softmax : Activation.Sigmoid, a, a);
        }
    }

    private void Backward(Parameters parameters, int label)
    {
        _z[^1].CopyTo(_delta[^1], 0);
        _delta[^1][label] -= 1; // dL/da = y - t for softmax with cross-entropy
        for (var layer = parameters.Layers - 1; layer >= 0; layer--)
        {
            var delta = _delta[layer].AsSpan();
            TensorPrimitives.Add(Gradient.Bias(layer), delta, Gradient.Bias(layer)); // dL/db = delta
            for (var i = 0; i < _z[layer].Length; i++)
            {
                var z = _z[layer][i];
                if (z != 0)
                    TensorPrimitives.MultiplyAdd(delta, z, Gradient.Row(layer, i), Gradient.Row(layer, i)); // dL/dW_i = z_i delta
                if (layer > 0)
                    _delta[layer - 1][i] = TensorPrimitives.Dot(parameters.Row(layer, i), delta) * z * (1 - z); // sigmoid' = z (1 - z)
            }
        }
    }
}
