using Microsoft.AspNetCore.Http.HttpResults;
using MnistApi.Health;
using MnistApi.Model;
using MnistApi.OpenApi;
using MnistApi.Overload;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.OpenInference;

/// <summary>The Open Inference Protocol (KServe V2) over REST: Triton's and KServe's clients work unchanged.</summary>
internal static class OpenInferenceMap
{
    public const string Tag = "Open Inference Protocol";
    public const string ServerName = "MnistApi";

    public static string ServerVersion { get; } = typeof(OpenInferenceMap).Assembly.GetName().Version!.ToString(3);

    public static void MapOpenInference(this IEndpointRouteBuilder routes)
    {
        var server = routes.MapGroup("").WithTags(Tag);
        var model = routes.ServiceProvider.GetRequiredService<LoadedModel>();
        server.MapGet("/v2", () => new ServerMetadataResponse(ServerName, ServerVersion, Tensors.RestExtensions))
            .WithName("serverMetadata")
            .WithSummary("Name, version and extensions of the server")
            .WithDescription("The extensions are those of the protocol that this server has.");
        server.MapGet("/v2/health/live", () => new ServerLiveResponse(true))
            .WithName("serverLive")
            .WithSummary("Is the server alive?")
            .WithDescription("Answers as long as the process does.")
            .AllowAnonymous();
        server.MapGet("/v2/health/ready", (IHostApplicationLifetime lifetime) => WhenReady(lifetime, new ServerReadyResponse(true)))
            .WithName("serverReady")
            .WithSummary("Does the server take requests?")
            .WithDescription("503 once it is stopping.")
            .AnswersProblem(HealthEndpoints.Stopping())
            .AllowAnonymous();
        server.MapGet("/v2/models", () => new ModelListResponse([model.Name]))
            .WithName("modelList")
            .WithSummary("The models that are served")
            .WithDescription("Their names: one.");
        var unversioned = server.MapGroup("").TakesModel(model);
        var versioned = server.MapGroup("").TakesModel(model).TakesVersion(model);
        // All patterns are constants: only such handlers are bound at build.
        DescribeMetadata(unversioned.MapGet("/v2/models/{model}", Metadata), "");
        DescribeMetadata(versioned.MapGet("/v2/models/{model}/versions/{version}", Metadata), "Version");
        DescribeReady(unversioned.MapGet("/v2/models/{model}/ready", Ready), "");
        DescribeReady(versioned.MapGet("/v2/models/{model}/versions/{version}/ready", Ready), "Version");
        MapInfer(unversioned, "/v2/models/{model}/infer", "");
        MapInfer(versioned, "/v2/models/{model}/versions/{version}/infer", "Version");
    }

    private static void DescribeMetadata(RouteHandlerBuilder endpoint, string suffix) => endpoint
        .WithName($"modelMetadata{suffix}")
        .WithSummary("Versions, inputs and outputs of the model")
        .WithDescription("The inputs are two forms of one: a request brings either.")
        .AnswersProblems(404);

    private static void DescribeReady(RouteHandlerBuilder endpoint, string suffix) => endpoint
        .WithName($"modelReady{suffix}")
        .WithSummary("Does the model take requests?")
        .WithDescription("503 once the service is stopping.")
        .AnswersProblems(404)
        .AnswersProblem(HealthEndpoints.Stopping());

    private static void MapInfer(RouteGroupBuilder routes, string pattern, string suffix)
    {
        var infer = InferHandler(((IEndpointRouteBuilder)routes).ServiceProvider);
        routes.MapPost(pattern, infer)
            .WithMetadata(infer.Method) // without it the document's generator passes a request delegate by
            .WithName($"infer{suffix}")
            .WithSummary("Recognise digits")
            .WithDescription("Takes the input 'pixels' or the input 'image', as JSON or in the binary form; "
                + "answers the outputs that are asked for, or all.")
            .DescribesInfer()
            .AnswersProblems(400, 404, 413, 415, 422)
            .AnswersOverload(((IEndpointRouteBuilder)routes).ServiceProvider);
    }

    private static ModelMetadataResponse Metadata(HttpRequest request, LoadedModel served)
    {
        served.Require(request);
        return new ModelMetadataResponse(
            served.Name, [served.Version], Tensors.Platform, TensorMetadata.Of(Tensors.Inputs), TensorMetadata.Of(Tensors.Outputs));
    }

    private static Results<Ok<ModelReadyResponse>, Problem> Ready(
        HttpRequest request, LoadedModel served, IHostApplicationLifetime lifetime)
    {
        served.Require(request);
        return WhenReady(lifetime, new ModelReadyResponse(served.Name, true));
    }

    private static RequestDelegate InferHandler(IServiceProvider services)
    {
        var pipeline = services.GetRequiredService<PredictionPipeline>();
        var limits = services.GetRequiredService<LimitOptions>();
        var model = services.GetRequiredService<LoadedModel>();
        var writer = new InferWriter(model);
        return context =>
        {
            model.Require(context.Request);
            return pipeline.AnswerAsync(context, new InferBodyReader(limits), writer);
        };
    }

    private static Results<Ok<T>, Problem> WhenReady<T>(IHostApplicationLifetime lifetime, T answer)
    {
        if (!lifetime.ApplicationStopping.IsCancellationRequested)
            return TypedResults.Ok(answer);
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, HealthEndpoints.Stopping().Message) with { Ready = false };
    }
}
