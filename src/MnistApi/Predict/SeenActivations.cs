using System.Globalization;
using System.Text;
using MnistApi.Inference;

namespace MnistApi.Predict;

/// <summary>
/// Writes what the layers made of one image: <c>"activations":{"z1":[50],"z2":[100],"logits":[10]}</c>. The network is taken apart
/// when somebody first asks.
/// </summary>
internal sealed class SeenActivations(Network network)
{
    private readonly Lazy<LayerByLayer> _layers = new(() => new LayerByLayer(network));

    public string Write(PixelBatch batch, int image)
    {
        var (first, scale) = (image * MnistImage.Pixels, 1f / batch.Scale);
        var outputs = batch.IsBytes
            ? _layers.Value.Run(batch.Bytes.Span.Slice(first, MnistImage.Pixels), scale)
            : _layers.Value.Run(batch.Floats.Span.Slice(first, MnistImage.Pixels), scale);
        var text = new StringBuilder("\"activations\":{");
        for (var layer = 0; layer < outputs.Length; layer++)
        {
            text.Append(layer > 0 ? ",\"" : "\"").Append(layer < outputs.Length - 1 ? string.Create(CultureInfo.InvariantCulture, $"z{layer + 1}") : "logits");
            text.Append("\":[").AppendJoin(',', outputs[layer].Select(Number)).Append(']');
        }
        return text.Append('}').ToString();
    }

    /// <summary>JSON has no infinity; weights as large as that have no meaning either.</summary>
    private static string Number(float value) => float.IsFinite(value) ? value.ToString(CultureInfo.InvariantCulture) : "null";
}
