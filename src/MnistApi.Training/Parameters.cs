using MnistApi.Inference;

namespace MnistApi.Training;

/// <summary>All weights and biases of a network under training in one array: W1, b1, W2, b2, ...; a gradient has the same layout.</summary>
internal sealed class Parameters
{
    private readonly int[] _widths;
    private readonly int[] _starts;

    /// <param name="widths">Inputs, hidden units, outputs.</param>
    public Parameters(IEnumerable<int> widths)
    {
        _widths = [.. widths];
        _starts = new int[Layers];
        var at = 0;
        for (var layer = 0; layer < Layers; layer++)
        {
            _starts[layer] = at;
            at += (_widths[layer] + 1) * _widths[layer + 1];
        }
        All = new float[at];
    }

    public float[] All { get; }

    public int Layers => _widths.Length - 1;

    public int Inputs(int layer) => _widths[layer];

    public int Outputs(int layer) => _widths[layer + 1];

    /// <summary>The weights from one input of a layer to all its outputs.</summary>
    public Span<float> Row(int layer, int input) => All.AsSpan(_starts[layer] + input * Outputs(layer), Outputs(layer));

    public Span<float> Bias(int layer) => Row(layer, Inputs(layer));

    /// <summary>Weights drawn uniformly within sqrt(6 / (inputs + outputs)) times 4, which suits sigmoids (Glorot and Bengio 2010); biases 0.</summary>
    public void Initialize(ref RandomStream random)
    {
        for (var layer = 0; layer < Layers; layer++)
        {
            var last = layer == Layers - 1;
            var limit = MathF.Sqrt(6f / (Inputs(layer) + Outputs(layer))) * (last ? 1 : 4);
            for (var input = 0; input < Inputs(layer); input++)
            {
                foreach (ref var weight in Row(layer, input))
                    weight = random.Within(limit);
            }
        }
    }

    /// <summary>The network with these parameters: sigmoid in the hidden layers, softmax at the end.</summary>
    public Network ToNetwork() => new(Enumerable.Range(0, Layers).Select(layer => new DenseLayer(
        All.AsSpan(_starts[layer], Inputs(layer) * Outputs(layer)),
        Bias(layer),
        layer == Layers - 1 ? Activation.Softmax : Activation.Sigmoid)));
}
