using System.Text.Json;
using MnistApi.Inference;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.OpenInference;

/// <summary>Reads the body of an inference request: JSON, then perhaps the tensor's bytes; or nothing but its bytes.</summary>
internal static class InferReader
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G'];

    /// <summary>Reads everything but the data.</summary>
    /// <param name="body">All of it.</param>
    /// <param name="jsonLength">How much of it is JSON.</param>
    /// <exception cref="RefusedException">The body breaks a rule; it says which and where.</exception>
    public static InferRequest Read(ReadOnlySpan<byte> body, int jsonLength) =>
        jsonLength == 0 && !body.IsEmpty ? OfRaw(body) : GuardJson(body[..jsonLength], InferJsonReader.Read);

    /// <summary>Reads the data that the request describes.</summary>
    /// <param name="body">All of it.</param>
    /// <param name="jsonLength">How much of it is JSON.</param>
    /// <param name="request">What it says.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="batch">Receives the images.</param>
    /// <param name="cancellation">Ends the reading of pictures.</param>
    /// <exception cref="RefusedException">The data breaks a rule; it says which and where.</exception>
    public static void ReadData(
        ReadOnlySpan<byte> body, int jsonLength, InferRequest request, LimitOptions limits, PixelBatch batch, CancellationToken cancellation)
    {
        var binary = body[jsonLength..];
        var input = request.Input;
        var images = input.CheckedImages(limits);
        var pictures = new Pictures(limits, cancellation, request.Preprocess);
        if (input.IsWholeFile)
        {
            PictureElements.Read(binary, 0, batch, pictures);
            return;
        }
        CheckPlace(input, binary.Length);
        if (input.JsonData is { } data)
            GuardJson(body[..jsonLength], json => ReadJson(json, data, request, images, batch, pictures));
        else
            ReadBinary(binary, request, images, batch, pictures);
    }

    /// <summary>The tensor's bytes, as they come in the binary form and over gRPC.</summary>
    public static void ReadBinary(ReadOnlySpan<byte> raw, InferRequest request, int images, PixelBatch batch, Pictures pictures)
    {
        var input = request.Input;
        if (input.IsImage)
        {
            PictureElements.ReadBinary(raw, input, images, batch, pictures);
            return;
        }
        var expected = (long)images * MnistImage.Pixels * input.Datatype.Size();
        if (raw.Length != expected)
            throw input.Malformed($"expected {expected} bytes for {input.ShapeText} {input.DatatypeName}, got {raw.Length}");
        TensorValues.Read(raw, input.Datatype, batch);
        TensorValues.ApplyScale(batch, input.Datatype, request.Scale);
    }

    private static bool ReadJson(ReadOnlySpan<byte> json, Range data, InferRequest request, int images, PixelBatch batch, Pictures pictures)
    {
        var input = request.Input;
        if (input.IsImage)
        {
            PictureElements.ReadJson(json[data], input, images, batch, pictures);
            return true;
        }
        TensorJson.Read(json, data, input, images, batch);
        TensorValues.ApplyScale(batch, input.Datatype, request.Scale);
        return true;
    }

    /// <summary>The data is in the JSON or after it, and nothing else is after it.</summary>
    private static void CheckPlace(InputTensor input, int binaryLength)
    {
        if (input.JsonData is null && input.BinarySize is null)
            throw input.Malformed($"expected 'data', or the parameter '{InputTensor.BinarySizeKey}' and its bytes after the JSON, got neither");
        if (input.JsonData is not null && input.BinarySize is not null)
            throw input.Malformed($"expected 'data' or the parameter '{InputTensor.BinarySizeKey}', got both");
        if (input.BinarySize is { } size && size != binaryLength)
            throw input.Malformed($"{InputTensor.BinarySizeKey} is {size}, but {binaryLength} bytes follow the JSON");
        if (input.BinarySize is null && binaryLength > 0)
            throw input.Malformed($"{binaryLength} bytes follow the JSON, expected none without the parameter '{InputTensor.BinarySizeKey}'");
    }

    /// <summary>A body without JSON: one PNG file, or UINT8 pixels, as many images as there are. It is answered in binary.</summary>
    private static InferRequest OfRaw(ReadOnlySpan<byte> raw)
    {
        var request = new InferRequest { IsBinaryByDefault = true };
        var input = request.Input;
        input.BinarySize = raw.Length;
        input.IsWholeFile = raw.StartsWith(PngSignature);
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
            throw new RefusedException(Refusal.Malformed, $"the body is not valid JSON: {WithoutPosition(error.Message)}", error);
        }
    }

    /// <summary>Positions are those of a text without the data.</summary>
    private static string WithoutPosition(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).Replace(" Change the reader options.", "", StringComparison.Ordinal);
    }
}
