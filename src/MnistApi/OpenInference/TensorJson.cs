using System.Text.Json;
using MnistApi.Inference.Kernels;

namespace MnistApi.OpenInference;

/// <summary>
/// Reads the pixels of a tensor's "data": numbers row by row. Brackets inside the outer ones mean nothing. The form that clients write is
/// read fast; whatever else comes is read once more, strictly, for its error or its rare form.
/// </summary>
internal static class TensorJson
{
    private const int MaxDepth = 100;

    public static void Read(ReadOnlySpan<byte> json, Range data, InputTensor input, int images, PixelBatch batch)
    {
        var array = json[data];
        // a digit and a comma each: nothing is rented for what cannot be there
        var hasRoom = array.Length >= 2L * images * MnistImage.Pixels;
        if (hasRoom && input.Datatype != Datatype.Bool && TryRead(json[..data.End], data.Start.Value, input.Datatype, images, batch))
            return;
        batch.Clear();
        ReadStrictly(array, input, images, hasRoom ? batch.AddFloats(images) : []);
    }

    private static bool TryRead(ReadOnlySpan<byte> json, int start, Datatype datatype, int images, PixelBatch batch)
    {
        var at = start;
        if (PixelText.TryReadBytes(json, ref at, batch.AddBytes(images, ByteNumbers.Slack), MaxDepth, out _))
            return true;
        batch.Clear();
        at = start;
        return datatype.IsFloat() && PixelText.TryReadFloats(json, ref at, batch.AddFloats(images), MaxDepth, out _);
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
            var value = ValueOf(in reader, input.Datatype, count);
            if (count < pixels.Length)
                pixels[count] = value;
            count++;
        }
        if (count != expected)
            throw input.Malformed($"data has {count} numbers, expected {expected} as its shape is {input.ShapeText}");
    }

    private static float ValueOf(in Utf8JsonReader reader, Datatype datatype, int index)
    {
        if (datatype == Datatype.Bool && reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return reader.TokenType == JsonTokenType.True ? 1 : 0;
        var max = datatype == Datatype.Bool ? 1 : MnistImage.FullInk;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value)
            && value >= 0 && value <= max && (datatype.IsFloat() || value == Math.Floor(value)))
        {
            return (float)value;
        }
        throw TensorValues.NoPixel(index, JsonToken.Name(in reader), datatype switch
        {
            Datatype.Bool => "true or false",
            _ when datatype.IsFloat() => $"a number in 0..{MnistImage.FullInk}",
            _ => $"a whole number in 0..{MnistImage.FullInk} for {datatype.Name()}",
        });
    }
}
