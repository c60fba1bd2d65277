using System.Text;
using CsCheck;
using MnistApi.Imaging;
using MnistApi.Predict;
using MnistApi.Problems;
using MnistApi.TestData;
using static MnistApi.Tests.Pictures;

namespace MnistApi.Tests.Predict;

/// <summary>
/// Any bytes give images or the service's own refusal, never another exception; and the fast reader accepts nothing that the strict one
/// refuses.
/// </summary>
public sealed class InstancesPropertyTests
{
    private const int Times = 3000;
    private static readonly LimitOptions s_limits = new();

    private static readonly byte[][] s_documents =
    [
        Encoding.UTF8.GetBytes($"{{\"instances\":[{SevenJson}],\"scale\":255}}"),
        Encoding.UTF8.GetBytes($"{{\"scale\": 1, \"instances\": [{RowsWith(3, 3, "0.5")}]}}"),
        Encoding.UTF8.GetBytes($"{{\"instances\":[{{\"b64\":\"{Convert.ToBase64String(SevenPng)}\"}}]}}"),
    ];

    [Fact]
    public void Any_bytes() => Gen.Byte.Array[0, 100].Sample(bytes => IsReadOrRefused(bytes), iter: Times);

    [Fact]
    public void Any_text() => Gen.String[0, 60].Select(text => Encoding.UTF8.GetBytes($"{{\"instances\":[{text}"))
        .Sample(IsReadOrRefused, iter: Times);

    [Fact]
    public void Any_json() => Gen.OneOf(
            "{", "}", "[", "]", ",", ":", "\"instances\"", "\"scale\"", "\"b64\"", "\"\\ud800\"", "1", "255", "0.5", "-1", "1e9", "null",
                "true", " ", "\"\"")
        .Array[0, 40].Select(tokens => Encoding.UTF8.GetBytes(string.Concat(tokens))).Sample(IsReadOrRefused, iter: Times);

    [Fact]
    public void Documents_near_right_ones() => Mutated.Of(s_documents).Sample(IsReadOrRefused, iter: Times);

    private static bool IsReadOrRefused(byte[] body)
    {
        using var fast = new PixelBatch();
        var isFast = InstancesReader.TryRead(body, s_limits.Instances, fast);
        using var strict = new RequestImages(s_limits);
        try
        {
            StrictInstancesReader.Read(body, s_limits.Instances, strict);
            strict.ReadPictures(CancellationToken.None);
        }
        catch (Exception error) when (error is RefusedException or PictureException)
        {
            return !isFast && error.Message.Length > 0;
        }
        return strict.Pixels.Count > 0 && (!isFast || fast.Count == strict.Pixels.Count);
    }
}
