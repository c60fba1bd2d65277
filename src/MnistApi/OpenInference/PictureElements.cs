using System.Buffers.Binary;
using System.Text.Json;

namespace MnistApi.OpenInference;

/// <summary>Reads the elements of the input "image": whole files, PNG or JPEG.</summary>
internal static class PictureElements
{
    private const int LengthBytes = 4;

    /// <summary>From JSON: strings of base64.</summary>
    public static void ReadJson(ReadOnlySpan<byte> array, InputTensor input, int count, RequestImages images)
    {
        var reader = new Utf8JsonReader(array);
        var found = 0;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
                continue;
            var file = Base64Text.Read(ref reader, $"input '{input.Name}': data[{found}]");
            if (found < count)
                Add(file, images);
            found++;
        }
        if (found != count)
            throw input.Malformed($"data has {found} elements, expected {count} as its shape is {input.ShapeText}");
    }

    /// <summary>From bytes: before each element its length.</summary>
    public static void ReadBinary(ReadOnlyMemory<byte> raw, InputTensor input, int count, RequestImages images)
    {
        var at = 0;
        for (var image = 0; image < count; image++)
        {
            if (raw.Length - at < LengthBytes)
                throw input.Malformed($"expected {count} elements as its shape is {input.ShapeText}, got {image}");
            var length = BinaryPrimitives.ReadUInt32LittleEndian(raw.Span[at..]);
            at += LengthBytes;
            if (length > raw.Length - at)
                throw input.Malformed($"element {image} is to have {length} bytes, but only {raw.Length - at} follow");
            Add(raw.Slice(at, (int)length), images);
            at += (int)length;
        }
        if (at != raw.Length)
            throw input.Malformed($"{raw.Length - at} bytes follow its {count} elements, expected none");
    }

    /// <summary>How many elements the bytes hold, as far as their lengths lead.</summary>
    public static int Count(ReadOnlySpan<byte> raw)
    {
        var count = 0;
        for (; raw.Length >= LengthBytes; count++)
            raw = raw[(int)Math.Min(raw.Length, LengthBytes + (long)BinaryPrimitives.ReadUInt32LittleEndian(raw))..];
        return count;
    }

    public static void Add(ReadOnlyMemory<byte> file, RequestImages images) =>
        images.AddPicture(file, $"{Tensors.Image}[{images.Pixels.Count}]");
}
