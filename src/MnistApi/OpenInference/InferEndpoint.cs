using System.Globalization;
using MnistApi.Logging;
using MnistApi.Metrics;
using MnistApi.Model;
using MnistApi.Predict;
using MnistApi.Problems;
using MnistApi.Startup;

namespace MnistApi.OpenInference;

/// <summary>POST /v2/models/{model}/infer.</summary>
internal sealed class InferEndpoint(LoadedModel model, LimitOptions limits)
{
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    private readonly InferWriter _writer = new(model);

    public async Task HandleAsync(HttpContext context)
    {
        model.Require(context.Request);
        using var batch = new PixelBatch();
        var request = await ReadAsync(context.Request, batch, context.RequestAborted);
        context.Features.Set(new ImageCount(batch.Count));

        using var scores = Scores.Of(model.Network, batch, request.WantsLogits);
        using var answer = _writer.Write(request, scores, request.Input.IsImage ? null : batch.Scale);
        var response = context.Response;
        response.ContentType = answer.HasBinary ? PredictEndpoint.Raw : PredictEndpoint.Json;
        if (answer.HasBinary)
            response.Headers[JsonLengthHeader] = answer.JsonLength.ToString(CultureInfo.InvariantCulture);
        response.ContentLength = answer.Length;
        await response.BodyWriter.WriteAsync(answer.Rented.AsMemory(0, answer.Length), context.RequestAborted);
    }

    private async ValueTask<InferRequest> ReadAsync(HttpRequest request, PixelBatch batch, CancellationToken cancellation)
    {
        using var body = await BodyReader.ReadAsync(request, limits.BodyBytes, cancellation);
        var jsonLength = JsonLength(request, body.Span.Length);
        var infer = InferReader.Read(body.Span, jsonLength);
        if (infer.Input.IsImage || body.Span.Length > PredictEndpoint.QuickBytes)
            await Transport.LeaveInputThread();
        var start = Stages.Now();
        InferReader.ReadData(body.Span, jsonLength, infer, limits, batch, cancellation);
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
