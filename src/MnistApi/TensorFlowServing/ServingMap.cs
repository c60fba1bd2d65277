using MnistApi.Model;
using MnistApi.OpenApi;
using MnistApi.OpenInference;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.TensorFlowServing;

/// <summary>TensorFlow Serving's REST interface, which KServe calls V1.</summary>
internal static class ServingMap
{
    public const string Tag = "TensorFlow Serving";
    private const string Signature = "serving_default";

    public static void MapTensorFlowServing(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags(Tag);
        var model = routes.ServiceProvider.GetRequiredService<LoadedModel>();
        group.MapGet("/models", () => new ServingModelsResponse([model.Name]))
            .WithName("servingModels")
            .WithSummary("The models that are served")
            .WithDescription("Their names: one.");
        MapModel(group.MapGroup("").TakesModel(model), "/models/{model}", "");
        MapModel(group.MapGroup("").TakesModel(model).TakesVersion(model), "/models/{model}/versions/{version}", "Version");
    }

    private static void MapModel(RouteGroupBuilder routes, string path, string suffix)
    {
        routes.MapGet(path, Status)
            .WithName($"servingStatus{suffix}")
            .WithSummary("Is the model served?")
            .WithDescription("What KServe's clients and what TensorFlow Serving's look for, in one object.")
            .AnswersProblems(404);
        routes.MapGet($"{path}/metadata", Metadata)
            .WithName($"servingMetadata{suffix}")
            .WithSummary("Signatures of the model")
            .WithDescription("One, serving_default. Its inputs are two forms of one: a request brings either.")
            .AnswersProblems(404);
        var predict = PredictHandler(((IEndpointRouteBuilder)routes).ServiceProvider);
        routes.MapPost($"{path}:predict", predict)
            .WithMetadata(predict.Method) // without it the document's generator passes a request delegate by
            .WithName($"servingPredict{suffix}")
            .WithSummary("Recognise digits")
            .WithDescription("Takes instances (answered as predictions) or inputs (answered as outputs), pixels or base64 PNGs as at "
                + "/predict; answers the ten probabilities of every image.")
            .Describes(ServingDocument.Bodies)
            .AnswersProblems(400, 404, 413, 415, 422, 429, 503);
    }

    private static RequestDelegate PredictHandler(IServiceProvider services)
    {
        var pipeline = services.GetRequiredService<PredictionPipeline>();
        var limits = services.GetRequiredService<LimitOptions>();
        var model = services.GetRequiredService<LoadedModel>();
        var writer = new ServingWriter();
        return context =>
        {
            model.Require(context.Request);
            return pipeline.AnswerAsync(context, new ServingReader(limits), writer);
        };
    }

    private static ServingStatusResponse Status(HttpRequest request, LoadedModel model, IHostApplicationLifetime lifetime)
    {
        model.Require(request);
        var isReady = !lifetime.ApplicationStopping.IsCancellationRequested;
        var version = new ServingVersion(model.Version, isReady ? "AVAILABLE" : "UNLOADING", new ServingError("OK", ""));
        return new ServingStatusResponse(model.Name, isReady, [version]);
    }

    private static ServingMetadataResponse Metadata(HttpRequest request, LoadedModel model)
    {
        model.Require(request);
        var outputs = Tensors.Outputs.Where(tensor => tensor.Name == Tensors.Probabilities);
        var signature = new ServingSignature(Describe(Tensors.Inputs), Describe(outputs), "tensorflow/serving/predict");
        return new ServingMetadataResponse(
            new ServingModelSpec(model.Name, "", model.Version),
            new ServingMetadata(new ServingSignatures(new Dictionary<string, ServingSignature> { [Signature] = signature })));
    }

    private static Dictionary<string, ServingTensor> Describe(IEnumerable<TensorInfo> tensors) =>
        tensors.ToDictionary(tensor => tensor.Name, Describe);

    private static ServingTensor Describe(TensorInfo tensor) => new(
        tensor.Datatype switch
        {
            Datatype.Bytes => "DT_STRING",
            Datatype.UInt8 => "DT_UINT8",
            _ => "DT_FLOAT",
        },
        new ServingShape([.. tensor.Shape.Select(size => new ServingDimension($"{size}", ""))], false),
        $"{Signature}_{tensor.Name}:0");
}
