using System.Text;
using CsCheck;
using MnistApi.Imaging;
using MnistApi.Predict;
using MnistApi.Problems;
using MnistApi.TestData;
using static MnistApi.Tests.Pictures;

namespace MnistApi.Tests.Predict;

/// <summary>
/// Any bytes give images or the service's own refusal, never another exception, and the same whether they may be read fast or only
/// strictly.
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
        var fast = Read(body, isFast: true);
        return fast == Read(body, isFast: false) && fast is not 0;
    }

    /// <summary>How many images there are; null where they are refused.</summary>
    private static int? Read(byte[] body, bool isFast)
    {
        using var images = new RequestImages(s_limits);
        try
        {
            InstancesReader.Read(body, s_limits.Instances, images, isFast: isFast);
            images.ReadPictures(CancellationToken.None);
            return images.Pixels.Count;
        }
        catch (Exception error) when (error is RefusedException or PictureException)
        {
            Assert.NotEqual("", error.Message);
            return null;
        }
    }
}
