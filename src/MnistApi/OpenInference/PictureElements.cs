using System.Buffers.Binary;
using System.Text.Json;
using MnistApi.Predict;

namespace MnistApi.OpenInference;

/// <summary>Reads the elements of the input "image": whole PNG files.</summary>
internal static class PictureElements
{
    private const int LengthBytes = 4;

    /// <summary>From JSON: strings of base64.</summary>
    public static void ReadJson(ReadOnlySpan<byte> array, InputTensor input, int images, PixelBatch batch, Pictures pictures)
    {
        var reader = new Utf8JsonReader(array);
        var count = 0;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
                continue;
            if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var png))
                throw input.Malformed($"data[{count}] is {(reader.TokenType == JsonTokenType.String ? "a string that is not base64" : "no string")}, expected a PNG in base64");
            if (count < images)
                Read(png, count, batch, pictures);
            count++;
        }
        if (count != images)
            throw input.Malformed($"data has {count} elements, expected {images} as its shape is {input.ShapeText}");
    }

    /// <summary>From bytes: before each element its length.</summary>
    public static void ReadBinary(ReadOnlySpan<byte> raw, InputTensor input, int images, PixelBatch batch, Pictures pictures)
    {
        var at = 0;
        for (var image = 0; image < images; image++)
        {
            if (raw.Length - at < LengthBytes)
                throw input.Malformed($"expected {images} elements as its shape is {input.ShapeText}, got {image}");
            var length = BinaryPrimitives.ReadUInt32LittleEndian(raw[at..]);
            at += LengthBytes;
            if (length > raw.Length - at)
                throw input.Malformed($"element {image} is to have {length} bytes, but only {raw.Length - at} follow");
            Read(raw.Slice(at, (int)length), image, batch, pictures);
            at += (int)length;
        }
        if (at != raw.Length)
            throw input.Malformed($"{raw.Length - at} bytes follow its {images} elements, expected none");
    }

    public static void Read(ReadOnlySpan<byte> png, int image, PixelBatch batch, Pictures pictures) =>
        batch.Note(pictures.Read(png, batch.AddBytes(), $"{Tensors.Image}[{image}]"));
}
