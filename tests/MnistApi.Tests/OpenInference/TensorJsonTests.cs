using System.Text;
using System.Text.Json;
using MnistApi.OpenInference;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.Tests.OpenInference;

/// <summary>The reader of a tensor's data against System.Text.Json's document model, over mutated texts.</summary>
public sealed class TensorJsonTests
{
    private static readonly string[] s_pieces = ["0", "255", "256", "-1", "0.5", "1e2", "01", ".5", "1.", "true", "null", "\"7\"", "{}",
        "[]", "[1]", "[", "]", ",", " ", "\n", "1 1"];

    [Theory]
    [InlineData("UINT8")]
    [InlineData("FP32")]
    public void What_the_document_model_takes_is_taken_with_the_same_values(string datatype)
    {
        var random = new Random(11);
        int taken = 0, refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            var text = Mutated(random, datatype == "FP32" && random.Next(2) == 0);
            var expected = Expected(text, datatype);
            var actual = Read(text, datatype);
            Assert.True(expected is null == actual is null && (expected is null || expected.SequenceEqual(actual!)), text);
            (taken, refused) = expected is null ? (taken, refused + 1) : (taken + 1, refused);
        }
        Assert.True(taken > 300 && refused > 300, $"{taken} taken, {refused} refused");
    }

    private static string Mutated(Random random, bool isReal)
    {
        var numbers = Enumerable.Range(0, 784).Select(_ => random.Next(3) > 0 ? "0" : isReal
            ? FormattableString.Invariant($"{random.NextDouble():R}") : $"{random.Next(256)}").ToList();
        if (random.Next(2) == 0)
            numbers[random.Next(784)] = s_pieces[random.Next(s_pieces.Length)];
        var comma = random.Next(2) == 0 ? "," : ", ";
        var text = random.Next(3) switch
        {
            0 => $"[{string.Join(comma, numbers)}]",
            1 => $"[[{string.Join(comma, numbers)}]]",
            _ => $"[ {string.Join(comma, numbers.Chunk(28).Select(row => $"[{string.Join(comma, row)}]"))}]",
        };
        return random.Next(4) == 0 ? text.Insert(random.Next(1, text.Length - 1), s_pieces[random.Next(s_pieces.Length)]) : text;
    }

    private static float[]? Expected(string text, string datatype)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var values = Flat(document.RootElement).ToList();
            return values.Count == 784
                && values.TrueForAll(value => value is >= 0 and <= 255 && (datatype == "FP32" || value == Math.Floor(value.Value)))
                ? [.. values.Select(value => (float)value!)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<double?> Flat(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Flat),
        JsonValueKind.Number => [element.GetDouble()],
        _ => [null],
    };

    private static float[]? Read(string text, string datatype)
    {
        var body = Encoding.UTF8.GetBytes(
            $"{{\"inputs\":[{{\"name\":\"pixels\",\"shape\":[1,784],\"datatype\":\"{datatype}\",\"data\":{text}}}]}}");
        var limits = new LimitOptions();
        using var images = new RequestImages(limits);
        try
        {
            InferReader.Read(body, body.Length, limits, images);
        }
        catch (RefusedException)
        {
            return null;
        }
        var batch = images.Pixels;
        Assert.Equal(1, batch.Count);
        return batch.IsBytes ? [.. batch.Bytes.ToArray().Select(pixel => (float)pixel)] : batch.Floats.ToArray();
    }
}
