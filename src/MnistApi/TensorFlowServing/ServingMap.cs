using System.Diagnostics.CodeAnalysis;
using MnistApi.OpenInference;

namespace MnistApi.TensorFlowServing;

/// <summary>TensorFlow Serving's REST interface, which KServe calls V1.</summary>
internal static class ServingMap
{
    public const string Tag = "TensorFlow Serving";
    private const string Signature = "serving_default";

    public static void MapTensorFlowServing(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags(Tag);
        var name = routes.ServiceProvider.GetRequiredService<LoadedModel>().Name;
        group.MapGet("/models", () => new ServingModelsResponse([name]))
            .WithName("servingModels")
            .WithSummary("The models that are served")
            .WithDescription("Their names: one.");
        // All patterns are constants: only such handlers are bound at build.
        DescribeStatus(group.MapGet("/models/{model}", Status), "");
        DescribeStatus(group.MapGet("/models/{model}/versions/{version}", Status), "Version");
        DescribeMetadata(group.MapGet("/models/{model}/metadata", Metadata), "");
        DescribeMetadata(group.MapGet("/models/{model}/versions/{version}/metadata", Metadata), "Version");
        MapPredict(group, "/models/{model}:predict", "");
        MapPredict(group, "/models/{model}/versions/{version}:predict", "Version");
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

    private static void MapPredict(RouteGroupBuilder group, [StringSyntax("Route")] string pattern, string suffix)
    {
        group.MapPrediction(pattern, limits => new ServingExchange(limits))
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ServingPredictResponse)))
            .WithName($"servingPredict{suffix}")
            .WithDescription("Takes instances (answered as predictions) or inputs (answered as outputs), pixels or pictures in base64 as "
                + "at /predict; answers the ten probabilities of every image.");
        group.MapGet(pattern, NotByGet).ExcludeFromDescription();
    }

    /// <summary>Without it a GET would be one of the status of a model whose name ends with ":predict".</summary>
    private static Task NotByGet(HttpContext context)
    {
        context.Response.Headers.Allow = HttpMethods.Post;
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
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
