using System.Text.Json;
using MnistApi.Inference;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.OpenInference;

/// <summary>Reads the body of an inference request: JSON, then perhaps the tensor's bytes; or nothing but its bytes.</summary>
internal static class InferReader
{
    /// <summary>Reads what the request asks, and adds the images that it brings.</summary>
    /// <param name="body">All of it.</param>
    /// <param name="jsonLength">How much of it is JSON.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="images">Receives the images.</param>
    /// <exception cref="RefusedException">The body breaks a rule; the message says which and where.</exception>
    public static InferRequest Read(ReadOnlyMemory<byte> body, int jsonLength, LimitOptions limits, RequestImages images)
    {
        var json = Evident.WithoutMark(body.Span[..jsonLength]);
        var binary = body[jsonLength..];
        var request = json.IsEmpty && !binary.IsEmpty ? OfRaw(binary.Span) : GuardJson(json, InferJsonReader.Read);
        var input = request.Input;
        var count = input.CheckedImages(limits, input.Shape is [-1, ..] ? ElementsIn(json, input) : 0, binary.Span);
        images.Preprocess = request.Preprocess;
        if (input.IsWholeFile)
        {
            PictureElements.Add(binary, images);
            return request;
        }
        CheckPlace(input, binary.Length);
        if (input.JsonData is { } data)
            GuardJson(json, text => ReadJson(text, data, request, count, images));
        else
            ReadBinary(binary, request, count, images);
        return request;
    }

    /// <summary>Reads the tensor's bytes, as they come in the binary form and over gRPC.</summary>
    public static void ReadBinary(ReadOnlyMemory<byte> raw, InferRequest request, int count, RequestImages images)
    {
        var input = request.Input;
        if (input.IsImage)
        {
            PictureElements.ReadBinary(raw, input, count, images);
            return;
        }
        var expected = (long)count * MnistImage.Pixels * input.Datatype.Size();
        if (raw.Length != expected)
            throw input.Malformed($"expected {expected} bytes for {input.ShapeText} {input.DatatypeName}, got {raw.Length}");
        TensorValues.Read(raw.Span, input.Datatype, images.Pixels);
        TensorValues.ApplyScale(images.Pixels, input.Datatype, request.Scale);
    }

    /// <summary>Elements of an input's data by its commas or quotation marks: base64 has neither.</summary>
    private static int ElementsIn(ReadOnlySpan<byte> json, InputTensor input) => input.JsonData switch
    {
        null => 0,
        { } data when input.IsImage => json[data].Count((byte)'"') / 2,
        { } data => json[data].Count((byte)',') + 1,
    };

    private static bool ReadJson(ReadOnlySpan<byte> json, Range data, InferRequest request, int count, RequestImages images)
    {
        var input = request.Input;
        if (input.IsImage)
        {
            PictureElements.ReadJson(json[data], input, count, images);
            return true;
        }
        TensorJson.Read(json, data, input, count, images.Pixels);
        TensorValues.ApplyScale(images.Pixels, input.Datatype, request.Scale);
        return true;
    }

    /// <summary>The data is in the JSON or after it, and nothing else is after it.</summary>
    private static void CheckPlace(InputTensor input, int binaryLength)
    {
        if (input.JsonData is null && input.BinarySize is null)
        {
            throw input.Malformed(
                $"expected 'data', or the parameter '{InputTensor.BinarySizeKey}' and its bytes after the JSON, got neither");
        }
        if (input.JsonData is not null && input.BinarySize is not null)
            throw input.Malformed($"expected 'data' or the parameter '{InputTensor.BinarySizeKey}', got both");
        if (input.BinarySize is { } size && size != binaryLength)
            throw input.Malformed($"{InputTensor.BinarySizeKey} is {size}, but {binaryLength} bytes follow the JSON");
        if (input.BinarySize is null && binaryLength > 0)
        {
            throw input.Malformed(
                $"{binaryLength} bytes follow the JSON, expected none without the parameter '{InputTensor.BinarySizeKey}'");
        }
    }

    /// <summary>A body without JSON is one PNG file, or UINT8 pixels of as many images as there are. It is answered in binary.</summary>
    private static InferRequest OfRaw(ReadOnlySpan<byte> raw)
    {
        var request = new InferRequest { IsBinaryByDefault = true };
        var input = request.Input;
        input.BinarySize = raw.Length;
        if (!PictureFile.Begins(raw) && (Evident.NameOf(raw) ?? Evident.NameOfFloats(raw)) is { } name)
            throw new RefusedException(Refusal.Malformed, $"expected {MnistImage.Pixels} bytes an image, got {name}");
        input.IsWholeFile = PictureFile.Begins(raw);
        input.Name = input.IsWholeFile ? Tensors.Image : Tensors.Pixels;
        input.DatatypeName = (input.IsWholeFile ? Datatype.Bytes : Datatype.UInt8).Name();
        input.Shape = input.IsWholeFile ? [1] : [Math.Max(1, raw.Length / MnistImage.Pixels), MnistImage.Pixels];
        return request;
    }

    private static T GuardJson<T>(ReadOnlySpan<byte> json, Func<ReadOnlySpan<byte>, T> read)
    {
        try
        {
            return read(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the latter for text that is not UTF-8
        {
            throw JsonRefusal.Of(json, error, hasPosition: false); // positions are those of a text without the data
        }
    }
}
