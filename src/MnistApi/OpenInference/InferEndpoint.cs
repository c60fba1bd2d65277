using System.Globalization;
using MnistApi.Logging;
using MnistApi.Metrics;
using MnistApi.Model;
using MnistApi.Overload;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.OpenInference;

/// <summary>POST /v2/models/{model}/infer.</summary>
internal sealed class InferEndpoint(LoadedModel model, LimitOptions limits, WorkGate gate)
{
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    private readonly InferWriter _writer = new(model);

    public async Task HandleAsync(HttpContext context)
    {
        model.Require(context.Request);
        using var batch = new PixelBatch();
        var request = await ReadAsync(context, batch);
        context.Features.Set(new ImageCount(batch.Count));

        using var scores = Scores.Of(model.Network, batch, request.WantsLogits);
        var start = Stages.Now();
        using var answer = _writer.Write(request, scores, request.Input.IsImage ? null : batch.Scale);
        Stages.Serialised(start);
        batch.EndTurn();
        var response = context.Response;
        response.ContentType = answer.HasBinary ? PredictEndpoint.Raw : PredictEndpoint.Json;
        if (answer.HasBinary)
            response.Headers[JsonLengthHeader] = answer.JsonLength.ToString(CultureInfo.InvariantCulture);
        response.ContentLength = answer.Length;
        await response.BodyWriter.WriteAsync(answer.Rented.AsMemory(0, answer.Length), context.RequestAborted);
    }

    private async ValueTask<InferRequest> ReadAsync(HttpContext context, PixelBatch batch)
    {
        if (context.Request.ContentLength > PredictEndpoint.QuickBytes)
            gate.RefuseWhenFull();
        using var body = await BodyReader.ReadAsync(context.Request, limits.BodyBytes, gate.Bodies, context.RequestAborted);
        var jsonLength = JsonLength(context.Request, body.Span.Length);
        var infer = InferReader.Read(body.Span, jsonLength);
        if (infer.Input.IsImage || body.Span.Length > PredictEndpoint.QuickBytes)
            await gate.TakeTurnAsync(context, batch);
        var start = Stages.Now();
        InferReader.ReadData(body.Span, jsonLength, infer, limits, batch, context.RequestAborted);
        batch.Decoded(start);
        return infer;
    }

    private static int JsonLength(HttpRequest request, int bodyLength)
    {
        var header = request.Headers[JsonLengthHeader];
        if (header.Count == 0)
            return bodyLength;
        if (int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bodyLength)
            return length;
        throw new RefusedException(Refusal.Malformed, $"{JsonLengthHeader} is '{Quote.Of(header)}', expected a whole number from 0 to {bodyLength}, the body's bytes");
    }
}
