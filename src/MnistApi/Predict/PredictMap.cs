using System.Buffers;
using System.Text;
using MnistApi.Inference;
using MnistApi.Model;
using MnistApi.Overload;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>Where POST /predict stands, and how it gets ready for the first request.</summary>
internal static class PredictMap
{
    private const string Path = "/predict";

    /// <summary>
    /// Maps POST /predict and recognises it by itself, before the routing has to: the table of all routes is made when another path is first
    /// asked for, and takes an eighth of the time to the first answer. What is not exactly this method and path is left to the routing, which knows the endpoint as well.
    /// </summary>
    public static void MapPredict(this WebApplication app)
    {
        var endpoint = new PredictEndpoint(
            app.Services.GetRequiredService<LoadedModel>(), app.Services.GetRequiredService<LimitOptions>(), app.Services.GetRequiredService<WorkGate>());
        RequestDelegate handler = endpoint.HandleAsync;
        var group = app.MapGroup("");
        group.MapPost(Path, handler)
            .WithMetadata(handler.Method) // without it the document's generator passes a request delegate by
            .WithName("predict")
            .WithTags("Predict")
            .WithSummary("Recognise digits")
            .WithDescription(
                "Takes one PNG (image/png), PNG files in a form (multipart/form-data), pixels or base64 PNGs in JSON, or raw bytes "
                + "(784 an image, application/octet-stream). Answers the ten class probabilities of every image, in the order given. "
                + "include=input shows what the network saw of each, include=activations what its layers made of it.")
            .AnswersProblems(400, 413, 415, 422, 429, 503);

        var source = ((IEndpointRouteBuilder)app).DataSources.Last(); // the group's, of this endpoint alone
        var recognised = new Lazy<Endpoint>(() => source.Endpoints.Single());
        app.Use(next => context =>
        {
            if (context.Request.Path.Value == Path && context.Request.Method == HttpMethods.Post)
                context.SetEndpoint(recognised.Value);
            return next(context);
        });
    }

    /// <summary>Compiles what the first request will run, one image from the body to the answer, while the server gets ready to listen.</summary>
    public static void WarmUp(this WebApplication app)
    {
        var model = app.Services.GetRequiredService<LoadedModel>();
        _ = Task.Run(() => PredictOnce(model));
    }

    private static void PredictOnce(LoadedModel model)
    {
        var body = Encoding.UTF8.GetBytes($"{{\"instances\":[[{string.Join(',', Enumerable.Repeat("255,0", MnistImage.Pixels / 2))}]]}}");
        using var batch = new PixelBatch();
        InstancesReader.TryRead(body, 1, batch);
        var probabilities = new float[MnistImage.Classes];
        model.Network.ForwardParallel(batch.Bytes, probabilities);
        var (answer, _) = new PredictionsWriter(model.Name).Write(probabilities, batch.Scale);
        ArrayPool<byte>.Shared.Return(answer);
    }
}
