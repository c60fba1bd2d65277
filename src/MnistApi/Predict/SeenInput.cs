using System.Globalization;
using System.Text;
using MnistApi.Imaging;
using MnistApi.Inference;

namespace MnistApi.Predict;

/// <summary>
/// Writes what the network saw of one image: <c>"input":{"pixels":[784],"png":"...","steps":["..."]}</c>. Whoever asks for it
/// wants to look, so it is plain rather than fast.
/// </summary>
internal static class SeenInput
{
    /// <param name="batch">The request's images.</param>
    /// <param name="image">Which one.</param>
    /// <param name="steps">What was done to it.</param>
    public static string Write(PixelBatch batch, int image, Steps steps)
    {
        var pixels = Bytes(batch, image);
        var text = new StringBuilder("\"input\":{\"pixels\":[", 4 * MnistImage.Pixels);
        for (var i = 0; i < pixels.Length; i++)
            text.Append(i > 0 ? "," : "").Append(pixels[i].ToString(CultureInfo.InvariantCulture));
        text.Append("],\"png\":\"").Append(Convert.ToBase64String(PngEncoding.Encode(pixels, MnistImage.Width, MnistImage.Height)));
        text.Append("\",\"steps\":[").AppendJoin(',', StepNames.Of(steps).Select(name => $"\"{name}\"")).Append("]}");
        return text.ToString();
    }

    /// <summary>The image in 0..255: normalised numbers are rounded to it, the network saw them as they came.</summary>
    private static byte[] Bytes(PixelBatch batch, int image)
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
