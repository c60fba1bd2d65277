using System.Buffers;

namespace MnistApi.Predict;

/// <summary>What the network makes of a batch, in rented arrays: the one place that asks it.</summary>
internal readonly struct Scores : IDisposable
{
    private readonly float[] _probabilities;
    private readonly float[]? _logits;
    private readonly int _length;

    public Scores(Network network, PixelBatch batch, bool withLogits)
    {
        _length = batch.Count * MnistImage.Classes;
        _probabilities = ArrayPool<float>.Shared.Rent(_length);
        var y = _probabilities.AsMemory(0, _length);
        if (!withLogits)
        {
            Forward(network, batch, y);
            return;
        }
        _logits = ArrayPool<float>.Shared.Rent(_length);
        var logits = _logits.AsMemory(0, _length);
        Forward(network.Logits, batch, logits);
        for (var i = 0; i < _length; i += MnistImage.Classes) // y = softmax(a3)
            Activations.Softmax(logits.Span.Slice(i, MnistImage.Classes), y.Span.Slice(i, MnistImage.Classes));
    }

    public int Images => _length / MnistImage.Classes;

    /// <summary>Ten an image; an image's ten sum to 1.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities.AsSpan(0, _length);

    /// <summary>Ten an image, of which softmax made the probabilities; empty where nobody asked.</summary>
    public ReadOnlySpan<float> Logits => _logits is null ? default : _logits.AsSpan(0, _length);

    public ReadOnlySpan<float> Of(int image) => Probabilities.Slice(image * MnistImage.Classes, MnistImage.Classes);

    public int Digit(int image) => Classes.Best(Of(image));

    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_probabilities);
        if (_logits is not null)
            ArrayPool<float>.Shared.Return(_logits);
    }

    private static void Forward(Network network, PixelBatch batch, Memory<float> y)
    {
        if (batch.IsBytes)
            network.ForwardParallel(batch.Bytes, y, 1f / batch.Scale);
        else
            network.ForwardParallel(batch.Floats, y, 1f / batch.Scale);
    }
}
