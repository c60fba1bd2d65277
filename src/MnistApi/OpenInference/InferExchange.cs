using System.Net.Mime;
using System.Text.Json;
using MnistApi.Overload;

namespace MnistApi.OpenInference;

/// <summary>POST /v2/models/{model}/infer: JSON, then perhaps a tensor's bytes, both ways.</summary>
internal sealed class InferExchange(LimitOptions limits) : Exchange<HttpAnswer>(limits)
{
    public const string JsonLengthHeader = "Inference-Header-Content-Length";
    private const int MaxFrame = 256;

    private int _jsonLength;
    private InferRequest _asked = new();

    public override bool WantsLogits => _asked.WantsLogits;

    public override async ValueTask<long> ReceiveAsync(HttpRequest request, BodyBudget budget, CancellationToken cancellation)
    {
        var length = await base.ReceiveAsync(request, budget, cancellation);
        _jsonLength = JsonLength(request, Received.Length);
        return length;
    }

    public override void Read(RequestImages images) => _asked = InferReader.Read(Received, _jsonLength, Limits, images);

    public override HttpAnswer Write(LoadedModel model, RequestImages images, Scores scores)
    {
        var id = _asked.Id is null ? "" : $",\"id\":{JsonSerializer.Serialize(_asked.Id)}";
        var outputs = _asked.Outputs.Select(output => new Output(output, BytesOf(output, scores))).ToArray();
        var warning = _asked.WarningOf(images.Pixels) is { } text ? $",\"{InferRequest.WarningKey}\":\"{text}\"" : "";
        var buffer = new AnswerBuffer(2 * MaxFrame + id.Length + warning.Length
            + outputs.Sum(output => MaxFrame + (output.Bytes?.Length ?? OutputData.MaxJson(output.Asked, scores.Images))));
        buffer.Append($"{{\"model_name\":\"{model.Name}\",\"model_version\":\"{model.Version}\"{id}");
        if (_asked.ScaleOf(images.Pixels) is { } scale)
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
            Header = (JsonLengthHeader, jsonLength.ToString(CultureInfo.InvariantCulture)),
        };
    }

    private static int JsonLength(HttpRequest request, int bodyLength)
    {
        var header = request.Headers[JsonLengthHeader];
        if (header.Count == 0)
            return bodyLength;
        if (int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bodyLength)
            return length;
        throw Malformed($"{JsonLengthHeader} is '{Quote.Of(header)}', expected a whole number from 0 to {bodyLength}, the body's bytes");
    }

    private byte[]? BytesOf(RequestedOutput output, Scores scores) =>
        output.IsBinary ?? _asked.IsBinaryByDefault ? OutputData.Bytes(output, scores) : null;

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
