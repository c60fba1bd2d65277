using System.Buffers;

namespace MnistApi.Predict;

/// <summary>What the network makes of a batch, in rented arrays: the one place that asks it.</summary>
internal readonly struct Scores : IDisposable
{
    private readonly float[] _probabilities;
    private readonly float[]? _logits;
    private readonly int _length;

    private Scores(int images, bool hasLogits)
    {
        _length = images * MnistImage.Classes;
        _probabilities = ArrayPool<float>.Shared.Rent(_length);
        _logits = hasLogits ? ArrayPool<float>.Shared.Rent(_length) : null;
    }

    public int Images => _length / MnistImage.Classes;

    /// <summary>Ten an image; an image's ten sum to 1.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities.AsSpan(0, _length);

    /// <summary>Ten an image, of which softmax made the probabilities; empty where nobody asked.</summary>
    public ReadOnlySpan<float> Logits => _logits is null ? default : _logits.AsSpan(0, _length);

    public static Scores Of(Network network, PixelBatch batch, bool withLogits)
    {
        var scores = new Scores(batch.Count, withLogits);
        var y = scores._probabilities.AsMemory(0, scores._length);
        if (scores._logits is null)
        {
            Forward(network, batch, y);
            return scores;
        }
        var logits = scores._logits.AsMemory(0, scores._length);
        Forward(network.Logits, batch, logits);
        for (var i = 0; i < scores._length; i += MnistImage.Classes) // y = softmax(a3)
            Activations.Softmax(logits.Span.Slice(i, MnistImage.Classes), y.Span.Slice(i, MnistImage.Classes));
        return scores;
    }

    /// <summary>The ten of an image.</summary>
    public ReadOnlySpan<float> Of(int image) => Probabilities.Slice(image * MnistImage.Classes, MnistImage.Classes);

    /// <summary>The most probable digit of an image.</summary>
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
