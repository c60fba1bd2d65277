using System.Buffers;
using System.Text;
using Microsoft.Net.Http.Headers;
using MnistApi.Imaging;
using MnistApi.Inference;
using MnistApi.Logging;
using MnistApi.Metrics;
using MnistApi.Model;
using MnistApi.Overload;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>POST /predict: pictures or pixels in, class probabilities out.</summary>
internal sealed class PredictEndpoint(LoadedModel model, LimitOptions limits, WorkGate gate)
{
    public const string Png = "image/png";
    public const string Form = "multipart/form-data";
    public const string Json = "application/json";
    public const string Raw = "application/octet-stream";

    /// <summary>Pixels in a body with less than this take well below a millisecond.</summary>
    public const int QuickBytes = 256 << 10;

    /// <summary>Images whose input or activations an answer carries: some kilobytes each.</summary>
    public const int MostInputs = 100;

    private readonly PredictionsWriter _writer = new(model.Name);
    private readonly SeenActivations _activations = new(model.Network);

    public async Task HandleAsync(HttpContext context)
    {
        var query = PredictQuery.Of(context.Request);
        if (gate.IsFull && await TakesLongAsync(context.Request, context.RequestAborted))
        {
            await ProblemSetup.AnswerAsync(context, gate.Overloaded()); // under overload the many that are turned away must not cost what the few are worth
            return;
        }
        using var batch = new PixelBatch();
        var isJson = await ReadAsync(context, batch, query.Preprocess);
        context.Features.Set(new ImageCount(batch.Count));

        using var scores = Scores.Of(model.Network, batch);
        await RespondAsync(context.Response, batch, scores, isJson ? batch.Scale : null, query.Extras == Extras.None ? null : Members(batch, query.Extras), context.RequestAborted);
    }

    /// <summary>Whether it will be long work, by the body's announced length or its first bytes.</summary>
    private static async ValueTask<bool> TakesLongAsync(HttpRequest request, CancellationToken cancellation) => MediaTypeOf(request.ContentType) switch
    {
        Json or Raw => request.ContentLength > QuickBytes,
        Png => request.ContentLength > QuickBytes || await Pictures.TakesLongAsync(request, cancellation),
        _ => false,
    };

    /// <summary>Fills the batch from whichever body this is; returns whether it is JSON.</summary>
    private async ValueTask<bool> ReadAsync(HttpContext context, PixelBatch batch, Preprocess preprocess)
    {
        var request = context.Request;
        var pictures = new Pictures(limits, context.RequestAborted, preprocess);
        var type = MediaTypeOf(request.ContentType);
        if (type == Form)
        {
            await FilesReader.ReadAsync(request, limits, batch, pictures, gate, context.RequestAborted);
            return false;
        }
        if (type is not (Png or Json or Raw))
        {
            throw new RefusedException(Refusal.UnsupportedMediaType,
                $"expected the content type {Png}, {Form}, {Json} or {Raw}, got {(string.IsNullOrEmpty(request.ContentType) ? "none" : $"'{Quote.Of(request.ContentType)}'")}");
        }
        using var body = await BodyReader.ReadAsync(request, limits.BodyBytes, gate.Bodies, context.RequestAborted);
        if (body.Span.Length > QuickBytes || (type == Png && Pictures.TakesLong(body.Span)))
            await gate.TakeTurnAsync(context, batch);
        if (type == Json)
        {
            await InstancesReader.ReadAsync(context, body, limits, preprocess, batch, gate);
            return true;
        }
        var start = Stages.Now();
        if (type == Png)
            batch.Note(pictures.Read(body.Span, batch.AddBytes(), place: null));
        else
            ReadRaw(body.Span, batch);
        batch.Decoded(start);
        return false;
    }

    /// <summary>The content type without parameters, one of the constants where it is one of these.</summary>
    private static string? MediaTypeOf(string? contentType) => contentType switch
    {
        Json or Png or Raw => contentType, // as most clients write them: nothing to parse
        _ => MediaTypeHeaderValue.TryParse(contentType, out var parsed) ? parsed.MediaType.Value?.ToLowerInvariant() : null,
    };

    private void ReadRaw(ReadOnlySpan<byte> body, PixelBatch batch)
    {
        var images = body.Length / MnistImage.Pixels;
        if (images == 0 || body.Length % MnistImage.Pixels != 0)
            throw new RefusedException(Refusal.Malformed, $"expected {MnistImage.Pixels} bytes an image, one image or more, got {body.Length} bytes");
        if (images > limits.Instances)
            throw new RefusedException(Refusal.TooLarge, $"expected at most {limits.Instances} images, got {images}");
        for (var image = 0; image < images; image++)
            body.Slice(image * MnistImage.Pixels, MnistImage.Pixels).CopyTo(batch.AddBytes());
    }

    /// <summary>What else was asked for, as members for each image's object.</summary>
    private byte[][] Members(PixelBatch batch, Extras extras)
    {
        if (batch.Count > MostInputs)
            throw new RefusedException(Refusal.TooLarge, $"expected at most {MostInputs} images with {PredictQuery.IncludeKey}, got {batch.Count}");
        var members = new byte[batch.Count][];
        for (var image = 0; image < members.Length; image++)
        {
            var input = (extras & Extras.Input) != 0 ? SeenInput.Write(batch, image, batch.StepsOf(image)) : null;
            var activations = (extras & Extras.Activations) != 0 ? _activations.Write(batch, image) : null;
            members[image] = Encoding.UTF8.GetBytes(input is null || activations is null ? input ?? activations! : $"{input},{activations}");
        }
        return members;
    }

    private async Task RespondAsync(HttpResponse response, PixelBatch batch, Scores scores, int? scale, byte[][]? members, CancellationToken cancellation)
    {
        var start = Stages.Now();
        var (answer, length) = _writer.Write(scores.Probabilities, scale, members);
        Stages.Serialised(start);
        batch.EndTurn();
        try
        {
            response.ContentType = Json;
            response.ContentLength = length;
            await response.BodyWriter.WriteAsync(answer.AsMemory(0, length), cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(answer);
        }
    }
}
