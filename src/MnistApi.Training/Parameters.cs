using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MnistApi.Inference;

namespace MnistApi.Training;

/// <summary>
/// The weights and biases of a network under training. A layer's bias is one more row of its weights, that of an
/// input which is always 1; rows and columns are padded with zeros to whole tiles of <see cref="MatrixProduct"/>.
/// </summary>
internal sealed class Parameters
{
    private readonly int[] _widths;
    private readonly float[][] _layers;

    /// <param name="widths">Inputs, hidden units, outputs.</param>
    public Parameters(params IEnumerable<int> widths)
    {
        _widths = [.. widths];
        _layers = [.. Enumerable.Range(0, Layers).Select(layer => new float[Rows(layer) * Stride(layer + 1)])];
    }

    public int Layers => _widths.Length - 1;

    /// <summary>Units of layer 0 (the inputs) to the last one (the outputs).</summary>
    public int Width(int layer) => _widths[layer];

    /// <summary>From one row of a layer's units to the next in a batch: the units, the constant 1 for the biases, the padding.</summary>
    public int Stride(int layer) => MatrixProduct.PadColumns(_widths[layer] + 1);

    /// <summary>Rows of a layer's weights: one an input, the bias, the padding.</summary>
    public int Rows(int layer) => MatrixProduct.PadRows(_widths[layer] + 1);

    /// <summary>A layer's weights and bias: <see cref="Rows"/> x <see cref="Stride"/> of the layer's outputs.</summary>
    public float[] Layer(int layer) => _layers[layer];

    /// <summary>The weights from one input of a layer to all its outputs; the bias for the input after the last one.</summary>
    public Span<float> Row(int layer, int input) => _layers[layer].AsSpan(input * Stride(layer + 1), _widths[layer + 1]);

    /// <summary>Weights drawn uniformly within sqrt(6 / (inputs + outputs)) times 4, which
    /// suits sigmoids (Glorot and Bengio 2010); biases 0.</summary>
    public void Initialize(ref RandomStream random)
    {
        for (var layer = 0; layer < Layers; layer++)
        {
            var last = layer == Layers - 1;
            var limit = MathF.Sqrt(6f / (_widths[layer] + _widths[layer + 1])) * (last ? 1 : 2);
            for (var input = 0; input < _widths[layer]; input++)
            {
                foreach (ref var weight in Row(layer, input))
                    weight = random.Within(limit);
            }
        }
    }

    /// <summary>Whether no weight has left the range of float32.</summary>
    public bool IsFinite => _layers.All(layer => float.IsFinite(TensorPrimitives.Sum<float>(layer)));

    /// <summary>Divides the sums that go into the softmax, weights and biases alike.</summary>
    public void Soften(float temperature)
    {
        foreach (ref var weight in _layers[^1].AsSpan())
            weight /= temperature;
    }

    /// <summary>The network with these parameters: sigmoid in the hidden layers, softmax at the end.</summary>
    public Network ToNetwork() => new(Enumerable.Range(0, Layers).Select(ToLayer));

    /// <summary>W·(2z - 1) + b = 2W·z + (b - the sum of W's rows): see <see cref="Backpropagation"/>.</summary>
    private DenseLayer ToLayer(int layer)
    {
        var weights = new List<float>();
        var bias = Row(layer, _widths[layer]).ToArray();
        for (var input = 0; input < _widths[layer]; input++)
        {
            var row = Row(layer, input).ToArray();
            if (layer > 0)
            {
                TensorPrimitives.Subtract(bias, row, bias);
                TensorPrimitives.Multiply(row, 2, row);
            }
            weights.AddRange(row);
        }
        return new DenseLayer(CollectionsMarshal.AsSpan(weights), bias, layer == Layers - 1 ? Activation.Softmax : Activation.Sigmoid);
    }
}
