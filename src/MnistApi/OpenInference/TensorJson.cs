using System.Text;
using System.Text.Json;
using MnistApi.Inference;
using MnistApi.Inference.Kernels;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.OpenInference;

/// <summary>
/// Reads the pixels of a tensor's "data": numbers row by row. Brackets inside the outer ones mean nothing. The form that clients write is
/// read fast; whatever else comes is read once more, strictly, for its error or its rare form.
/// </summary>
internal static class TensorJson
{
    private const int MaxDepth = 100;
    private const int MaxQuote = 40; // characters of a wrong value that are repeated in an error

    /// <param name="json">The body.</param>
    /// <param name="data">Where in it the array is.</param>
    /// <param name="input">Its tensor.</param>
    /// <param name="images">How many images its shape promises.</param>
    /// <param name="batch">Receives them.</param>
    /// <exception cref="RefusedException">There are more or fewer numbers, or one is no pixel.</exception>
    public static void Read(ReadOnlySpan<byte> json, Range data, InputTensor input, int images, PixelBatch batch)
    {
        var array = json[data];
        if (array.Length < 2L * images * MnistImage.Pixels) // a digit and a comma each: nothing is rented for what cannot be there
        {
            ReadStrictly(array, input, images, default);
            throw new InvalidOperationException("the strict reader found numbers that have no room");
        }
        if (input.Datatype != Datatype.Bool)
        {
            if (TryReadBytes(json[..data.End.Value], data.Start.Value, batch.AddBytes(images, ByteNumbers.Slack)))
                return;
            batch.Clear();
            if (input.Datatype.IsFloat() && TryReadFloats(array, batch.AddFloats(images)))
                return;
            batch.Clear();
        }
        ReadStrictly(array, input, images, batch.AddFloats(images));
    }

    private static bool TryReadBytes(ReadOnlySpan<byte> json, int start, Span<byte> pixels)
    {
        var filled = 0;
        var at = start;
        var depth = 0;
        while (true)
        {
            SkipOpening(json, ref at, ref depth);
            if (depth == 0)
                return false;
            var count = ByteNumbers.Read(json, at, pixels[filled..], out var consumed);
            if (count < 0)
                return false;
            filled += count;
            at += consumed;
            depth--;
            if (!TrySkipClosing(json, ref at, ref depth))
                return false;
            if (depth == 0)
                return filled == pixels.Length - ByteNumbers.Slack;
        }
    }

    private static bool TryReadFloats(ReadOnlySpan<byte> array, Span<float> pixels)
    {
        var at = 0;
        var depth = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            SkipOpening(array, ref at, ref depth);
            if (depth == 0 || !JsonNumber.TryRead(array, ref at, out pixels[i], out _))
                return false;
            JsonSpace.Skip(array, ref at);
            if (at < array.Length && array[at] == ',')
                at++;
            else if (!TrySkipClosing(array, ref at, ref depth) || (depth == 0 && i < pixels.Length - 1))
                return false;
        }
        return depth == 0;
    }

    private static void SkipOpening(ReadOnlySpan<byte> json, ref int at, ref int depth)
    {
        JsonSpace.Skip(json, ref at);
        while (at < json.Length && json[at] == '[')
        {
            at++;
            depth++;
            JsonSpace.Skip(json, ref at);
        }
    }

    /// <summary>Goes over closing brackets to the end, or to what follows a comma: another opening bracket.</summary>
    private static bool TrySkipClosing(ReadOnlySpan<byte> json, ref int at, ref int depth)
    {
        while (depth > 0)
        {
            JsonSpace.Skip(json, ref at);
            if (at >= json.Length)
                return false;
            if (json[at] == ',')
            {
                at++;
                JsonSpace.Skip(json, ref at);
                return at < json.Length && json[at] == '[';
            }
            if (json[at++] != ']')
                return false;
            depth--;
        }
        return true;
    }

    private static void ReadStrictly(ReadOnlySpan<byte> array, InputTensor input, int images, Span<float> pixels)
    {
        var reader = new Utf8JsonReader(array, new JsonReaderOptions { MaxDepth = MaxDepth });
        var expected = (long)images * MnistImage.Pixels;
        var count = 0;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
                continue;
            var value = ValueOf(ref reader, input.Datatype, count);
            if (count < pixels.Length)
                pixels[count] = value;
            count++;
        }
        if (count != expected)
            throw input.Malformed($"data has {count} numbers, expected {expected} as its shape is {input.ShapeText}");
    }

    private static float ValueOf(ref Utf8JsonReader reader, Datatype datatype, int index)
    {
        if (datatype == Datatype.Bool && reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return reader.TokenType == JsonTokenType.True ? 1 : 0;
        var max = datatype == Datatype.Bool ? 1 : MnistImage.FullInk;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value)
            && value >= 0 && value <= max && (datatype.IsFloat() || value == Math.Floor(value)))
        {
            return (float)value;
        }
        throw TensorValues.NoPixel(index, Token(ref reader), datatype switch
        {
            Datatype.Bool => "true or false",
            _ when datatype.IsFloat() => $"a number in 0..{MnistImage.FullInk}",
            _ => $"a whole number in 0..{MnistImage.FullInk} for {datatype.Name()}",
        });
    }

    private static string Token(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => $"the string \"{Raw(ref reader)}\"",
        _ => Raw(ref reader),
    };

    private static string Raw(ref Utf8JsonReader reader) =>
        Quote.Of(Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(MaxQuote, reader.ValueSpan.Length)]));
}
