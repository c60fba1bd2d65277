namespace MnistApi.Inference;

/// <summary>
/// A network's forward pass one layer at a time, for whoever wants to see the numbers between: z1, z2, ... and the logits, which
/// are the last layer's weighted sums before its activation. Immutable and safe for any number of threads at once.
/// </summary>
public sealed class LayerByLayer
{
    private readonly Network[] _layers;

    /// <summary>Takes a network apart; its weights are copied.</summary>
    /// <param name="network">Any network.</param>
    public LayerByLayer(Network network)
    {
        var last = network.Layers[^1];
        _layers = [.. network.Layers.SkipLast(1)
            .Append(new DenseLayer(last.Weights, last.Bias, Activation.Identity))
            .Select(layer => new Network([layer]))];
    }

    /// <summary>Runs one image through the layers.</summary>
    /// <param name="x">The image, bytes.</param>
    /// <param name="scale">What a byte is multiplied with; 1/255 makes 0..1 of 0..255.</param>
    /// <returns>z of each hidden layer, input side first, and the logits last.</returns>
    /// <exception cref="ArgumentException">x is not one image.</exception>
    public float[][] Run(ReadOnlySpan<byte> x, float scale = 1f / MnistImage.FullInk)
    {
        var outputs = Rooms();
        _layers[0].Forward(x, outputs[0], scale);
        RunRest(outputs);
        return outputs;
    }

    /// <inheritdoc cref="Run(ReadOnlySpan{byte}, float)"/>
    /// <param name="x">The image, floats.</param>
    /// <param name="scale">What a number is multiplied with; 1 where they are in 0..1 already.</param>
    public float[][] Run(ReadOnlySpan<float> x, float scale = 1f)
    {
        var outputs = Rooms();
        _layers[0].Forward(x, outputs[0], scale);
        RunRest(outputs);
        return outputs;
    }

    private float[][] Rooms() => [.. _layers.Select(layer => new float[layer.Outputs])];

    private void RunRest(float[][] outputs)
    {
        for (var i = 1; i < outputs.Length; i++)
            _layers[i].Forward(outputs[i - 1].AsSpan(), outputs[i]);
    }
}
