using Microsoft.AspNetCore.Http.HttpResults;
using MnistApi.Model;
using MnistApi.OpenApi;
using MnistApi.OpenInference;
using MnistApi.Overload;
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
        var unversioned = group.MapGroup("").TakesModel(model);
        var versioned = group.MapGroup("").TakesModel(model).TakesVersion(model);
        // All patterns are constants: only such handlers are bound at build.
        DescribeStatus(unversioned.MapGet("/models/{model}", Status), "");
        DescribeStatus(versioned.MapGet("/models/{model}/versions/{version}", Status), "Version");
        DescribeMetadata(unversioned.MapGet("/models/{model}/metadata", Metadata), "");
        DescribeMetadata(versioned.MapGet("/models/{model}/versions/{version}/metadata", Metadata), "Version");
        unversioned.MapGet("/models/{model}:predict", NotByGet).ExcludeFromDescription();
        versioned.MapGet("/models/{model}/versions/{version}:predict", NotByGet).ExcludeFromDescription();
        MapPredict(unversioned, "/models/{model}:predict", "");
        MapPredict(versioned, "/models/{model}/versions/{version}:predict", "Version");
    }

    private static void DescribeStatus(RouteHandlerBuilder endpoint, string suffix) => endpoint
        .WithName($"servingStatus{suffix}")
        .WithSummary("Is the model served?")
        .WithDescription("What KServe's clients and what TensorFlow Serving's look for, in one object.")
        .AnswersProblems(404);

    private static void DescribeMetadata(RouteHandlerBuilder endpoint, string suffix) => endpoint
        .WithName($"servingMetadata{suffix}")
        .WithSummary("Signatures of the model")
        .WithDescription("One, serving_default. Its inputs are two forms of one: a request brings either.")
        .AnswersProblems(404);

    private static void MapPredict(RouteGroupBuilder routes, string pattern, string suffix)
    {
        var predict = PredictHandler(((IEndpointRouteBuilder)routes).ServiceProvider);
        routes.MapPost(pattern, predict)
            .WithMetadata(predict.Method) // without it the document's generator passes a request delegate by
            .WithName($"servingPredict{suffix}")
            .WithSummary("Recognise digits")
            .WithDescription("Takes instances (answered as predictions) or inputs (answered as outputs), pixels or base64 PNGs as at "
                + "/predict; answers the ten probabilities of every image.")
            .Describes(ServingDocument.Bodies)
            .AnswersProblems(400, 404, 413, 415, 422)
            .AnswersOverload(((IEndpointRouteBuilder)routes).ServiceProvider);
    }

    /// <summary>Without it a GET would be one of the status of a model whose name ends with ":predict".</summary>
    private static StatusCodeHttpResult NotByGet(HttpResponse response)
    {
        response.Headers.Allow = HttpMethods.Post;
        return TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed);
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

    private static ServingStatusResponse Status(HttpRequest request, LoadedModel served, IHostApplicationLifetime lifetime)
    {
        served.Require(request);
        var isReady = !lifetime.ApplicationStopping.IsCancellationRequested;
        var version = new ServingVersion(served.Version, isReady ? "AVAILABLE" : "UNLOADING", new ServingError("OK", ""));
        return new ServingStatusResponse(served.Name, isReady, [version]);
    }

    private static ServingMetadataResponse Metadata(HttpRequest request, LoadedModel served)
    {
        served.Require(request);
        var outputs = Tensors.Outputs.Where(tensor => tensor.Name == Tensors.Probabilities);
        var signature = new ServingSignature(Describe(Tensors.Inputs), Describe(outputs), "tensorflow/serving/predict");
        return new ServingMetadataResponse(
            new ServingModelSpec(served.Name, "", served.Version),
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
