using MnistApi.Model;
using MnistApi.OpenInference;
using MnistApi.Overload;
using MnistApi.Predict;
using MnistApi.Problems;
using MnistApi.Startup;

namespace MnistApi.TensorFlowServing;

/// <summary>TensorFlow Serving's REST interface, which KServe calls V1.</summary>
internal static class ServingMap
{
    public const string Tag = "TensorFlow Serving";
    private const string Signature = "serving_default";

    private static (string Path, string Suffix)[] Paths { get; } = [("/v1/models/{model}", ""), ("/v1/models/{model}/versions/{version}", "Version")];

    public static void MapTensorFlowServing(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var model = services.GetRequiredService<LoadedModel>();
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        var json = ResponseJson.Default;
        RequestDelegate predict = new ServingPredictEndpoint(model, services.GetRequiredService<LimitOptions>(), services.GetRequiredService<WorkGate>()).HandleAsync;

        Map(routes, "/v1/models", "servingModels", "The models that are served", "Their names: one.", typeof(ServingModelsResponse),
            context => context.Response.WriteAsJsonAsync(new ServingModelsResponse([model.Name]), json.ServingModelsResponse));
        foreach (var (path, suffix) in Paths)
        {
            Map(routes, path, $"servingStatus{suffix}", "Is the model served?", "What KServe's clients and what TensorFlow Serving's look for, in one object.", typeof(ServingStatusResponse), context =>
            {
                model.Require(context.Request);
                return context.Response.WriteAsJsonAsync(Status(model, !lifetime.ApplicationStopping.IsCancellationRequested), json.ServingStatusResponse);
            }, 404);
            Map(routes, $"{path}/metadata", $"servingMetadata{suffix}", "Signatures of the model", "One, serving_default. Its inputs are two forms of one: a request brings either.", typeof(ServingMetadataResponse), context =>
            {
                model.Require(context.Request);
                return context.Response.WriteAsJsonAsync(Metadata(model), json.ServingMetadataResponse);
            }, 404);
            routes.MapPost($"{path}:predict", predict).WithMetadata(predict.Method).WithName($"servingPredict{suffix}").WithTags(Tag).WithSummary("Recognise digits")
                .WithDescription("Takes instances (answered as predictions) or inputs (answered as outputs), pixels or base64 PNGs as at /predict; answers the ten probabilities of every image.")
                .AnswersProblems(400, 404, 413, 415, 422, 429, 503);
        }
    }

    private static ServingStatusResponse Status(LoadedModel model, bool isReady) =>
        new(model.Name, isReady, [new ServingVersion(model.Version, isReady ? "AVAILABLE" : "UNLOADING", new ServingError("OK", ""))]);

    private static ServingMetadataResponse Metadata(LoadedModel model) => new(
        new ServingModelSpec(model.Name, "", model.Version),
        new ServingMetadata(new ServingSignatures(new Dictionary<string, ServingSignature>
        {
            [Signature] = new(
                Tensors.Inputs.ToDictionary(tensor => tensor.Name, Describe),
                Tensors.Outputs.Where(tensor => tensor.Name == Tensors.Probabilities).ToDictionary(tensor => tensor.Name, Describe),
                "tensorflow/serving/predict"),
        })));

    private static ServingTensor Describe(TensorInfo tensor) => new(
        tensor.Datatype switch
        {
            Datatype.Bytes => "DT_STRING",
            Datatype.UInt8 => "DT_UINT8",
            _ => "DT_FLOAT",
        },
        new ServingShape([.. tensor.Shape.Select(size => new ServingDimension($"{size}", ""))], false),
        $"{Signature}_{tensor.Name}:0");

    private static void Map(IEndpointRouteBuilder routes, string pattern, string name, string summary, string description, Type response, RequestDelegate handler, params int[] problems) =>
        routes.MapGet(pattern, handler).WithMetadata(handler.Method, new ProducesResponseTypeMetadata(StatusCodes.Status200OK, response, [PredictEndpoint.Json]))
            .WithName(name).WithTags(Tag).WithSummary(summary).WithDescription(description).AnswersProblems(problems);
}
