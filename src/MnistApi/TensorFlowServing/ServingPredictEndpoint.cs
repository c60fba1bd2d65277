using System.Buffers;
using MnistApi.Imaging;
using MnistApi.Inference;
using MnistApi.Logging;
using MnistApi.Metrics;
using MnistApi.Model;
using MnistApi.Overload;
using MnistApi.Predict;

namespace MnistApi.TensorFlowServing;

/// <summary>POST /v1/models/{model}:predict, of TensorFlow Serving and KServe V1: probabilities alone.</summary>
internal sealed class ServingPredictEndpoint(LoadedModel model, LimitOptions limits, WorkGate gate)
{
    private const int LongestFrame = 24;
    private const int LongestRow = MnistImage.Classes * (JsonFloats.Longest + 1) + 3;

    public async Task HandleAsync(HttpContext context)
    {
        model.Require(context.Request);
        using var batch = new PixelBatch();
        var isInputs = await ReadAsync(context, batch);
        context.Features.Set(new ImageCount(batch.Count));

        using var scores = Scores.Of(model.Network, batch);
        var answer = ArrayPool<byte>.Shared.Rent(LongestFrame + scores.Images * LongestRow);
        try
        {
            var start = Stages.Now();
            var length = Write(scores, isInputs, answer);
            Stages.Serialised(start);
            batch.EndTurn();
            context.Response.ContentType = PredictEndpoint.Json;
            context.Response.ContentLength = length;
            await context.Response.BodyWriter.WriteAsync(answer.AsMemory(0, length), context.RequestAborted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(answer);
        }
    }

    private async ValueTask<bool> ReadAsync(HttpContext context, PixelBatch batch)
    {
        if (context.Request.ContentLength > PredictEndpoint.QuickBytes)
            gate.RefuseWhenFull();
        using var body = await BodyReader.ReadAsync(context.Request, limits.BodyBytes, gate.Bodies, context.RequestAborted);
        if (body.Span.Length > PredictEndpoint.QuickBytes)
            await gate.TakeTurnAsync(context, batch);
        return await InstancesReader.ReadAsync(context, body, limits, Preprocess.Auto, batch, gate, InstancesDialect.Serving);
    }

    private static int Write(Scores scores, bool isInputs, Span<byte> span)
    {
        var start = Stages.Now();
        var at = 0;
        Append(isInputs ? "{\"outputs\":["u8 : "{\"predictions\":["u8, span, ref at);
        var probabilities = scores.Probabilities;
        for (var i = 0; i < probabilities.Length; i++)
        {
            Append(i % MnistImage.Classes > 0 ? ","u8 : i > 0 ? "],["u8 : "["u8, span, ref at);
            at += JsonFloats.Write(probabilities[i], ref span[at]);
        }
        Append("]]}"u8, span, ref at);
        Stages.Serialised(start);
        return at;
    }

    private static void Append(ReadOnlySpan<byte> text, Span<byte> span, ref int at)
    {
        text.CopyTo(span[at..]);
        at += text.Length;
    }
}
