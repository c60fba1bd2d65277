using System.Net.Mime;
using System.Text.Json;
using MnistApi.Model;
using MnistApi.Predict;

namespace MnistApi.OpenInference;

/// <summary>Writes the answer to an inference request over REST: JSON, then perhaps outputs' bytes.</summary>
internal sealed class InferWriter(LoadedModel model) : IAnswerWriter<InferBodyReader, HttpAnswer>
{
    private const int MaxFrame = 256;

    private readonly byte[] _start = Encoding.UTF8.GetBytes($"{{\"model_name\":\"{model.Name}\",\"model_version\":\"{model.Version}\"");

    public bool WantsLogits(InferBodyReader request) => request.Asked.WantsLogits;

    public HttpAnswer Write(InferBodyReader request, RequestImages images, Scores scores)
    {
        var asked = request.Asked;
        var id = asked.Id is null ? default : JsonEncodedText.Encode(asked.Id);
        var outputs = asked.Outputs.Select(output => new Output(output, BytesOf(output, asked, scores))).ToArray();
        var warning = asked.WarningOf(images.Pixels) is { } text ? $",\"{InferRequest.WarningKey}\":\"{text}\"" : "";
        var buffer = new AnswerBuffer(_start.Length + MaxFrame + id.EncodedUtf8Bytes.Length + warning.Length
            + outputs.Sum(output => MaxFrame + (output.Bytes?.Length ?? OutputData.MaxJson(output.Asked, scores.Images))));
        buffer.Append(_start);
        if (asked.Id is not null)
        {
            buffer.Append(",\"id\":\""u8);
            buffer.Append(id.EncodedUtf8Bytes);
            buffer.Append('"');
        }
        if (asked.ScaleOf(images.Pixels) is { } scale)
            buffer.Append($",\"parameters\":{{\"{InferRequest.ScaleKey}\":{scale}{warning}}}");
        buffer.Append(",\"outputs\":["u8);
        for (var i = 0; i < outputs.Length; i++)
        {
            if (i > 0)
                buffer.Append(',');
            WriteOutput(ref buffer, outputs[i], scores);
        }
        buffer.Append("]}"u8);
        var jsonLength = buffer.Length;
        foreach (var output in outputs)
            buffer.Append(output.Bytes);
        return buffer.Length == jsonLength ? buffer.ToAnswer() : buffer.ToAnswer() with
        {
            ContentType = MediaTypeNames.Application.Octet,
            Header = (InferBodyReader.JsonLengthHeader, jsonLength.ToString(CultureInfo.InvariantCulture)),
        };
    }

    private static byte[]? BytesOf(RequestedOutput output, InferRequest asked, Scores scores) =>
        output.IsBinary ?? asked.IsBinaryByDefault ? OutputData.Bytes(output, scores) : null;

    private static void WriteOutput(ref AnswerBuffer buffer, Output output, Scores scores)
    {
        var (name, datatype) = (output.Asked.Tensor.Name, OutputData.DatatypeOf(output.Asked).Name());
        var shape = string.Join(',', OutputData.ShapeOf(output.Asked, scores.Images));
        buffer.Append($"{{\"name\":\"{name}\",\"datatype\":\"{datatype}\",\"shape\":[{shape}]");
        if (output.Bytes is { } bytes)
        {
            buffer.Append($",\"parameters\":{{\"{InputTensor.BinarySizeKey}\":{bytes.Length}}}}}");
            return;
        }
        buffer.Append(",\"data\":"u8);
        OutputData.WriteJson(output.Asked, scores, ref buffer);
        buffer.Append('}');
    }

    /// <summary>An output, and its bytes where it is answered in binary.</summary>
    private readonly record struct Output(RequestedOutput Asked, byte[]? Bytes);
}
