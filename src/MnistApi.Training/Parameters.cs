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
    private readonly Convolution?[] _convolutions; // of each layer
    private readonly float[][] _layers;

    /// <param name="widths">Inputs, hidden units of the dense layers, outputs.</param>
    /// <param name="convolutions">Convolutional layers between the inputs and the dense layers.</param>
    public Parameters(IReadOnlyList<int> widths, int convolutions = 0)
    {
        var convolutional = new List<Convolution>();
        for (var i = 0; i < convolutions; i++)
            convolutional.Add(i == 0 ? new Convolution(MnistImage.Width, 1) : new Convolution(convolutional[^1].UnitSide, Convolution.Units));
        _convolutions = [.. convolutional, .. new Convolution?[widths.Count - 1]];
        _widths = [widths[0], .. convolutional.Select(layer => layer.UnitSide * layer.UnitSide * Convolution.Units), .. widths.Skip(1)];
        _layers = [.. Enumerable.Range(0, Layers).Select(layer => new float[Rows(layer) * Columns(layer)])];
    }

    public int Layers => _widths.Length - 1;

    /// <summary>Units of layer 0 (the inputs) to the last one (the outputs).</summary>
    public int Width(int layer) => _widths[layer];

    /// <summary>From one row of a layer's units to the next in a batch: the units, the constant 1 for the biases, the padding.</summary>
    public int Stride(int layer) => MatrixProduct.PadColumns(_widths[layer] + 1);

    /// <summary>How a layer's units see the ones before; null for a dense layer, whose units see them all.</summary>
    public Convolution? ConvolutionOf(int layer) => _convolutions[layer];

    /// <summary>Numbers that each of a layer's units sees.</summary>
    public int Inputs(int layer) => _convolutions[layer]?.Inputs ?? _widths[layer];

    /// <summary>A layer's units with weights of their own.</summary>
    public int Outputs(int layer) => _convolutions[layer] is null ? _widths[layer + 1] : Convolution.Units;

    /// <summary>Rows of a layer's weights: one an input, the bias, the padding.</summary>
    public int Rows(int layer) => MatrixProduct.PadRows(Inputs(layer) + 1);

    /// <summary>Columns of a layer's weights: one an output, the padding.</summary>
    public int Columns(int layer) => _convolutions[layer] is null ? Stride(layer + 1) : Convolution.Units;

    /// <summary>A layer's weights and bias: <see cref="Rows"/> x <see cref="Columns"/>.</summary>
    public float[] Layer(int layer) => _layers[layer];

    /// <summary>The weights from one input of a layer to all its outputs; the bias for the input after the last one.</summary>
    public Span<float> Row(int layer, int input) => _layers[layer].AsSpan(input * Columns(layer), Outputs(layer));

    /// <summary>Weights drawn uniformly within sqrt(6 / (inputs + outputs)) times 4, which suits sigmoids (Glorot and Bengio 2010); biases 0.</summary>
    public void Initialize(ref RandomStream random)
    {
        for (var layer = 0; layer < Layers; layer++)
        {
            var last = layer == Layers - 1;
            var limit = MathF.Sqrt(6f / (Inputs(layer) + Outputs(layer))) * (last ? 1 : 2);
            for (var input = 0; input < Inputs(layer); input++)
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

    /// <summary>The network with these parameters, all of dense layers: sigmoid in the hidden ones, softmax at the end.</summary>
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
