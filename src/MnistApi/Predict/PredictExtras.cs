using System.Text.Json;
using System.Text.Json.Serialization;
using MnistApi.Imaging;

namespace MnistApi.Predict;

/// <summary>
/// Writes what include asks for as members of an image's prediction: <c>"input":{"pixels":[784],"png":"...","steps":["..."]}</c> is what
/// the network saw, <c>"activations":{"z1":[50],"z2":[100],"logits":[10]}</c> what its layers made of it. A number's digit has its box.
/// </summary>
internal sealed class PredictExtras(Network network)
{
    /// <summary>Images whose input or activations an answer carries: some kilobytes each.</summary>
    public const int MaxImages = 100;

    private static readonly JsonSerializerOptions s_members =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly Lazy<LayerByLayer> _layers = new(() => new LayerByLayer(network)); // made when somebody first asks

    /// <summary>The members of each image, with commas between them and no braces around; none where nobody asked.</summary>
    public byte[][] WriteAll(RequestImages images, PredictQuery query)
    {
        var count = images.Pixels.Count;
        var hasExtras = query.WantsInput || query.WantsActivations;
        if (!hasExtras && !query.ExpectsNumbers)
            return [];
        if (hasExtras && count > MaxImages)
        {
            throw new RefusedException(Refusal.TooLarge,
                $"expected at most {MaxImages} images with {PredictQuery.IncludeKey}, got {count}");
        }
        var digits = images.Numbers.SelectMany(number => number.Digits).ToArray();
        return [.. Enumerable.Range(0, count).Select(image => JsonSerializer.SerializeToUtf8Bytes(new
        {
            Box = query.ExpectsNumbers ? digits[image].Box : (PictureBox?)null,
            Input = query.WantsInput ? InputOf(images, image) : null,
            Activations = query.WantsActivations ? ActivationsOf(images.Pixels, image) : null,
        }, s_members)[1..^1])];
    }

    /// <summary>What the network saw, in 0..255: normalised numbers are rounded to it.</summary>
    private static object InputOf(RequestImages images, int image)
    {
        var batch = images.Pixels;
        var pixels = Enumerable.Range(0, MnistImage.Pixels)
            .Select(pixel => (byte)MathF.Round(batch[image, pixel] * MnistImage.FullInk / batch.Scale)).ToArray();
        return new
        {
            Pixels = pixels.Select(pixel => (int)pixel),
            Png = PngEncoding.Encode(pixels, MnistImage.Width, MnistImage.Height),
            Steps = images.StepsOf(image),
        };
    }

    private Dictionary<string, IEnumerable<float?>> ActivationsOf(PixelBatch batch, int image)
    {
        var (first, scale) = (image * MnistImage.Pixels, 1f / batch.Scale);
        var outputs = batch.IsBytes
            ? _layers.Value.Run(batch.Bytes.Span.Slice(first, MnistImage.Pixels), scale)
            : _layers.Value.Run(batch.Floats.Span.Slice(first, MnistImage.Pixels), scale);
        // JSON has no infinity; weights as large as that have no meaning either
        return outputs.Index().ToDictionary(
            layer => layer.Index < outputs.Length - 1 ? $"z{layer.Index + 1}" : "logits",
            layer => layer.Item.Select(output => float.IsFinite(output) ? output : (float?)null));
    }
}
