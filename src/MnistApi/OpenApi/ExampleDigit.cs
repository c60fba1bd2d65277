using System.Text.Json.Nodes;
using MnistApi.Imaging;
using MnistApi.Inference;

namespace MnistApi.OpenApi;

/// <summary>A seven drawn with two strokes of a round pen, for the document's examples; as long and as centred as MNIST's.</summary>
internal static class ExampleDigit
{
    /// <summary>Where the document says that the PNG is.</summary>
    public const string PngPath = "/swagger/examples/seven.png";

    /// <summary>Where the document says that the raw pixels are.</summary>
    public const string RawPath = "/swagger/examples/seven.raw";

    private const float PenRadius = 1.3f;

    // x and y of the strokes' ends, in pixels
    private static readonly (float X, float Y)[] s_corners = [(7, 8.5f), (18.5f, 9), (11, 24.5f)];

    /// <summary>784 bytes, 0 background to 255 ink.</summary>
    public static byte[] Pixels()
    {
        var pixels = new byte[MnistImage.Pixels];
        for (var i = 0; i < pixels.Length; i++)
        {
            float x = i % MnistImage.Width, y = i / MnistImage.Width;
            var distance = Math.Min(Distance(x, y, s_corners[0], s_corners[1]), Distance(x, y, s_corners[1], s_corners[2]));
            pixels[i] = (byte)MathF.Round(Math.Clamp(PenRadius + 0.5f - distance, 0, 1) * MnistImage.FullInk);
        }
        return pixels;
    }

    /// <summary>The same as a PNG.</summary>
    public static byte[] Png() => PngEncoding.Encode(Pixels(), MnistImage.Width, MnistImage.Height);

    public static string Base64() => Convert.ToBase64String(Png());

    /// <summary>The pixels as JSON.</summary>
    public static JsonArray Numbers() => [.. Pixels().Select(pixel => (JsonNode)(int)pixel)];

    /// <summary>From a point to the nearest one of the stroke from a to b.</summary>
    private static float Distance(float x, float y, (float X, float Y) a, (float X, float Y) b)
    {
        float dx = b.X - a.X, dy = b.Y - a.Y;
        var along = Math.Clamp(((x - a.X) * dx + (y - a.Y) * dy) / (dx * dx + dy * dy), 0, 1);
        return MathF.Sqrt(MathF.Pow(a.X + along * dx - x, 2) + MathF.Pow(a.Y + along * dy - y, 2));
    }
}
