using MnistApi.Imaging;

namespace MnistApi.OpenInference;

/// <summary>Reads the body of an inference request: JSON, then perhaps the tensor's bytes; or nothing but its bytes.</summary>
internal static class InferReader
{
    /// <summary>Reads what the request asks, and adds the images that it brings.</summary>
    public static InferRequest Read(ReadOnlyMemory<byte> body, int jsonLength, LimitOptions limits, RequestImages images)
    {
        var json = Evident.WithoutMark(body.Span[..jsonLength]);
        try
        {
            return Read(json, body[jsonLength..], limits, images);
        }
        catch (Exception error) when (JsonFault.Is(error))
        {
            throw JsonFault.Refuse(json, error);
        }
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
        var expected = (long)count * MnistImage.Pixels * TensorValues.Size(input.Datatype);
        if (raw.Length != expected)
            throw input.Malformed($"expected {expected} bytes for {input.ShapeText} {input.DatatypeName}, got {raw.Length}");
        TensorValues.Read(raw.Span, input.Datatype, images.Pixels);
        TensorValues.ApplyScale(images.Pixels, input.Datatype, request.Scale);
    }

    private static InferRequest Read(ReadOnlySpan<byte> json, ReadOnlyMemory<byte> binary, LimitOptions limits, RequestImages images)
    {
        var request = json.IsEmpty && !binary.IsEmpty ? OfRaw(binary.Span) : InferJsonReader.Read(json);
        var input = request.Input;
        var count = input.CheckedImages(limits, input.Shape is [-1, ..] ? ElementsIn(json, input) : 0, binary.Span);
        images.Preprocess = request.Preprocess;
        if (input.IsWholeFile)
        {
            PictureElements.Add(binary, images);
            return request;
        }
        CheckPlace(input, binary.Length);
        if (input.JsonData is not { } data)
        {
            ReadBinary(binary, request, count, images);
        }
        else if (input.IsImage)
        {
            PictureElements.ReadJson(json[data], input, count, images);
        }
        else
        {
            TensorJson.Read(json, data, input, count, images.Pixels);
            TensorValues.ApplyScale(images.Pixels, input.Datatype, request.Scale);
        }
        return request;
    }

    /// <summary>Elements of an input's data by its commas or quotation marks: base64 has neither.</summary>
    private static int ElementsIn(ReadOnlySpan<byte> json, InputTensor input) => input.JsonData switch
    {
        null => 0,
        { } data when input.IsImage => json[data].Count((byte)'"') / 2,
        { } data => json[data].Count((byte)',') + 1,
    };

    /// <summary>The data is in the JSON or after it, and nothing else is after it.</summary>
    private static void CheckPlace(InputTensor input, int binaryLength)
    {
        const string Key = InputTensor.BinarySizeKey;
        var fault = (input.JsonData, input.BinarySize) switch
        {
            (null, null) => $"expected 'data', or the parameter '{Key}' and its bytes after the JSON, got neither",
            ({ }, { }) => $"expected 'data' or the parameter '{Key}', got both",
            (null, { } size) when size != binaryLength => $"{Key} is {size}, but {binaryLength} bytes follow the JSON",
            ({ }, null) when binaryLength > 0 => $"{binaryLength} bytes follow the JSON, expected none without the parameter '{Key}'",
            _ => null,
        };
        if (fault is not null)
            throw input.Malformed(fault);
    }

    /// <summary>A body without JSON is one picture's file, or UINT8 pixels of as many images as there are, answered in binary.</summary>
    private static InferRequest OfRaw(ReadOnlySpan<byte> raw)
    {
        var isFile = DigitReader.IsPicture(raw);
        if (!isFile)
            Evident.RequireBytes(raw);
        var request = new InferRequest { IsBinaryByDefault = true };
        var input = request.Input;
        (input.IsWholeFile, input.BinarySize) = (isFile, raw.Length);
        input.Name = isFile ? Tensors.Image : Tensors.Pixels;
        input.DatatypeName = (isFile ? Datatype.Bytes : Datatype.UInt8).Name();
        input.Shape = isFile ? [1] : [Math.Max(1, raw.Length / MnistImage.Pixels), MnistImage.Pixels];
        return request;
    }
}
