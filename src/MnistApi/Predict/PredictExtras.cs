using System.Buffers;
using System.Globalization;
using System.Text.Json;
using MnistApi.Imaging;
using MnistApi.Inference;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>
/// Writes what include asks for as members of an image's prediction: <c>"input":{"pixels":[784],"png":"...","steps":["..."]}</c> is what
/// the network saw, <c>"activations":{"z1":[50],"z2":[100],"logits":[10]}</c> what its layers made of it.
/// </summary>
internal sealed class PredictExtras(Network network)
{
    /// <summary>Images whose input or activations an answer carries: some kilobytes each.</summary>
    public const int MaxImages = 100;

    private readonly Lazy<LayerByLayer> _layers = new(() => new LayerByLayer(network)); // made when somebody first asks

    /// <summary>The members of each image; none where nobody asked.</summary>
    /// <exception cref="RefusedException">There are too many images.</exception>
    public byte[][] WriteAll(RequestImages images, Extras extras)
    {
        var count = images.Pixels.Count;
        if (extras == Extras.None)
            return [];
        if (count > MaxImages)
        {
            throw new RefusedException(Refusal.TooLarge,
                $"expected at most {MaxImages} images with {PredictQuery.IncludeKey}, got {count}");
        }
        return [.. Enumerable.Range(0, count).Select(image => Write(images, image, extras))];
    }

    /// <summary>The members with commas between them, without braces around.</summary>
    private byte[] Write(RequestImages images, int image, Extras extras)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (extras.HasFlag(Extras.Input))
            WriteInput(json, BytesOf(images.Pixels, image), images.StepsOf(image));
        if (extras.HasFlag(Extras.Activations))
            WriteActivations(json, images.Pixels, image);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan[1..^1].ToArray();
    }

    private static void WriteInput(Utf8JsonWriter json, byte[] pixels, Steps steps)
    {
        json.WriteStartObject("input");
        json.WriteStartArray("pixels");
        foreach (var pixel in pixels)
            json.WriteNumberValue(pixel);
        json.WriteEndArray();
        json.WriteBase64String("png", PngEncoding.Encode(pixels, MnistImage.Width, MnistImage.Height));
        json.WriteStartArray("steps");
        foreach (var name in StepNames.Of(steps))
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteActivations(Utf8JsonWriter json, PixelBatch batch, int image)
    {
        var (first, scale) = (image * MnistImage.Pixels, 1f / batch.Scale);
        var outputs = batch.IsBytes
            ? _layers.Value.Run(batch.Bytes.Span.Slice(first, MnistImage.Pixels), scale)
            : _layers.Value.Run(batch.Floats.Span.Slice(first, MnistImage.Pixels), scale);
        json.WriteStartObject("activations");
        for (var layer = 0; layer < outputs.Length; layer++)
        {
            json.WriteStartArray(layer < outputs.Length - 1 ? string.Create(CultureInfo.InvariantCulture, $"z{layer + 1}") : "logits");
            foreach (var output in outputs[layer])
            {
                if (float.IsFinite(output))
                    json.WriteNumberValue(output);
                else
                    json.WriteNullValue(); // JSON has no infinity; weights as large as that have no meaning either
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>The image in 0..255: normalised numbers are rounded to it, the network saw them as they came.</summary>
    private static byte[] BytesOf(PixelBatch batch, int image)
    {
        if (batch.IsBytes && batch.Scale == MnistImage.FullInk)
            return batch.Bytes.Slice(image * MnistImage.Pixels, MnistImage.Pixels).ToArray();
        var pixels = new byte[MnistImage.Pixels];
        for (var i = 0; i < pixels.Length; i++)
        {
            var at = image * MnistImage.Pixels + i;
            var level = batch.IsBytes ? batch.Bytes.Span[at] : batch.Floats.Span[at];
            pixels[i] = (byte)MathF.Round(level * MnistImage.FullInk / batch.Scale);
        }
        return pixels;
    }
}
