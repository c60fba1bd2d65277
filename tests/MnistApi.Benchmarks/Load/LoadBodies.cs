using System.Globalization;
using System.Text;
using MnistApi.Imaging;
using MnistApi.Inference;

namespace MnistApi.Benchmarks.Load;

/// <summary>Bodies that need no data set: a bar that the shipped network takes for a 1, in all the forms that the service reads.</summary>
internal static class LoadBodies
{
    public const int Digit = 1;

    private const int PhotographSide = 280;

    public static byte[] Pixels { get; } = Draw(MnistImage.Width, background: 0, ink: 255, noise: 0);

    public static byte[] Png { get; } = PngEncoding.Encode(Pixels, MnistImage.Width, MnistImage.Height);

    /// <summary>Dark ink on grainy paper, darker towards one side: the longest way through the imaging.</summary>
    public static byte[] Photograph { get; } =
        PngEncoding.Encode(Draw(PhotographSide, background: 200, ink: 40, noise: 8), PhotographSide, PhotographSide);

    public static byte[] Json(int images) =>
        Encoding.UTF8.GetBytes($"{{\"instances\":[{string.Join(',', Enumerable.Repeat($"[{string.Join(',', Pixels)}]", images))}]}}");

    /// <summary>A whole request over HTTP/1.1.</summary>
    public static byte[] Request(string contentType, byte[] body) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\n\r\n")),
            .. body];

    private static byte[] Draw(int side, int background, int ink, int noise)
    {
        var random = new Random(1);
        var pixels = new byte[side * side];
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var isInk = 28 * y / side is >= 4 and < 24 && 28 * x / side is >= 13 and < 15;
                var shade = noise == 0 ? 0 : 40 * x / side + random.Next(-noise, noise + 1);
                pixels[y * side + x] = (byte)Math.Clamp((isInk ? ink : background) - shade, 0, 255);
            }
        }
        return pixels;
    }
}
