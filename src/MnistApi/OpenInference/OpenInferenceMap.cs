using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;
using MnistApi.Health;

namespace MnistApi.OpenInference;

/// <summary>The Open Inference Protocol (KServe V2) over REST: Triton's and KServe's clients work unchanged.</summary>
internal static class OpenInferenceMap
{
    public const string Tag = "Open Inference Protocol";
    public const string ServerName = "MnistApi";

    public static string ServerVersion { get; } = typeof(OpenInferenceMap).Assembly.GetName().Version!.ToString(3);

    public static void MapOpenInference(this IEndpointRouteBuilder routes)
    {
        var server = routes.MapGroup("/v2").WithTags(Tag);
        var model = routes.ServiceProvider.GetRequiredService<LoadedModel>();
        routes.MapGet("/v2", () => new ServerMetadataResponse(ServerName, ServerVersion, Tensors.RestExtensions))
            .WithTags(Tag)
            .WithName("serverMetadata")
            .WithSummary("Name, version and extensions of the server")
            .WithDescription("The extensions are those of the protocol that this server has.");
        server.MapGet("/health/live", () => new ServerLiveResponse(true))
            .WithName("serverLive")
            .WithSummary("Is the server alive?")
            .WithDescription("Answers as long as the process does.")
            .AllowAnonymous();
        server.MapGet("/health/ready", (IHostApplicationLifetime lifetime) => WhenReady(lifetime, new ServerReadyResponse(true)))
            .WithName("serverReady")
            .WithSummary("Does the server take requests?")
            .WithDescription("503 once it is stopping.")
            .AnswersProblems(503)
            .AllowAnonymous();
        server.MapGet("/models", () => new ModelListResponse([model.Name]))
            .WithName("modelList")
            .WithSummary("The models that are served")
            .WithDescription("Their names: one.");
        // All patterns are constants: only such handlers are bound at build.
        DescribeMetadata(server.MapGet("/models/{model}", Metadata), "");
        DescribeMetadata(server.MapGet("/models/{model}/versions/{version}", Metadata), "Version");
        DescribeReady(server.MapGet("/models/{model}/ready", Ready), "");
        DescribeReady(server.MapGet("/models/{model}/versions/{version}/ready", Ready), "Version");
        MapInfer(server, "/models/{model}/infer", "");
        MapInfer(server, "/models/{model}/versions/{version}/infer", "Version");
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
        .AnswersProblems(404, 503);

    private static void MapInfer(RouteGroupBuilder server, [StringSyntax("Route")] string pattern, string suffix) =>
        server.MapPrediction(pattern, limits => new InferExchange(limits))
            .WithName($"infer{suffix}")
            .WithDescription("Takes the input 'pixels' or the input 'image', as JSON or in the binary form; "
                + "answers the outputs that are asked for, or all.");

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

    private static Results<Ok<T>, Problem> WhenReady<T>(IHostApplicationLifetime lifetime, T answer)
    {
        if (!lifetime.ApplicationStopping.IsCancellationRequested)
            return TypedResults.Ok(answer);
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, HealthEndpoints.Stopping().Message) with { Ready = false };
    }
}
