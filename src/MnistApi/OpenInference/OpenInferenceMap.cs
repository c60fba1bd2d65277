using MnistApi.Model;
using MnistApi.Overload;
using MnistApi.Predict;
using MnistApi.Problems;
using MnistApi.Startup;

namespace MnistApi.OpenInference;

/// <summary>The Open Inference Protocol (KServe V2) over REST: Triton's and KServe's clients work unchanged.</summary>
internal static class OpenInferenceMap
{
    public const string Tag = "Open Inference Protocol";
    public const string ServerName = "MnistApi";

    public static string ServerVersion { get; } = typeof(OpenInferenceMap).Assembly.GetName().Version!.ToString(3);

    public static void MapOpenInference(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var model = services.GetRequiredService<LoadedModel>();
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        var json = ResponseJson.Default;

        Map(routes, "/v2", "serverMetadata", "Name, version and extensions of the server", "The extensions are those of the protocol that this server has.", typeof(ServerMetadataResponse),
            context => context.Response.WriteAsJsonAsync(new ServerMetadataResponse(ServerName, ServerVersion, Tensors.RestExtensions), json.ServerMetadataResponse));
        Map(routes, "/v2/health/live", "serverLive", "Is the server alive?", "Answers as long as the process does.", typeof(ServerLiveResponse),
            context => context.Response.WriteAsJsonAsync(new ServerLiveResponse(true), json.ServerLiveResponse)).AllowAnonymous();
        Map(routes, "/v2/health/ready", "serverReady", "Does the server take requests?", "503 once it is stopping.", typeof(ServerReadyResponse),
            context => IsReady(lifetime) ? context.Response.WriteAsJsonAsync(new ServerReadyResponse(true), json.ServerReadyResponse) : NotReadyAsync(context), 503).AllowAnonymous();
        Map(routes, "/v2/models", "modelList", "The models that are served", "Their names: one.", typeof(ModelListResponse),
            context => context.Response.WriteAsJsonAsync(new ModelListResponse([model.Name]), json.ModelListResponse));

        MapBoth(routes, "", "modelMetadata", "Versions, inputs and outputs of the model", "The inputs are two forms of one: a request brings either.", typeof(ModelMetadataResponse), context =>
        {
            model.Require(context.Request);
            return context.Response.WriteAsJsonAsync(
                new ModelMetadataResponse(model.Name, [model.Version], Tensors.Platform, TensorMetadata.Of(Tensors.Inputs), TensorMetadata.Of(Tensors.Outputs)),
                json.ModelMetadataResponse);
        }, 404);
        MapBoth(routes, "/ready", "modelReady", "Does the model take requests?", "503 once the service is stopping.", typeof(ModelReadyResponse), context =>
        {
            model.Require(context.Request);
            return IsReady(lifetime) ? context.Response.WriteAsJsonAsync(new ModelReadyResponse(model.Name, true), json.ModelReadyResponse) : NotReadyAsync(context);
        }, 404, 503);
        RequestDelegate infer = new InferEndpoint(model, services.GetRequiredService<LimitOptions>(), services.GetRequiredService<WorkGate>()).HandleAsync;
        foreach (var (path, suffix) in Paths)
        {
            routes.MapPost($"{path}/infer", infer).WithMetadata(infer.Method).WithName($"infer{suffix}").WithTags(Tag).WithSummary("Recognise digits")
                .WithDescription("Takes the input 'pixels' or the input 'image', as JSON or in the binary form; answers the outputs that are asked for, or all.")
                .AnswersProblems(400, 404, 413, 415, 422, 429, 503);
        }
    }

    private static (string Path, string Suffix)[] Paths { get; } = [("/v2/models/{model}", ""), ("/v2/models/{model}/versions/{version}", "Version")];

    private static bool IsReady(IHostApplicationLifetime lifetime) => !lifetime.ApplicationStopping.IsCancellationRequested;

    private static Task NotReadyAsync(HttpContext context) =>
        (Problem.Of(StatusCodes.Status503ServiceUnavailable, "the service is stopping") with { Ready = false }).WriteAsync(context);

    private static void MapBoth(IEndpointRouteBuilder routes, string path, string name, string summary, string description, Type response, RequestDelegate handler, params int[] problems)
    {
        foreach (var (prefix, suffix) in Paths)
            Map(routes, prefix + path, name + suffix, summary, description, response, handler, problems);
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string pattern, string name, string summary, string description, Type response, RequestDelegate handler, params int[] problems) =>
        routes.MapGet(pattern, handler).WithMetadata(handler.Method, new ProducesResponseTypeMetadata(StatusCodes.Status200OK, response, [PredictEndpoint.Json]))
            .WithName(name).WithTags(Tag).WithSummary(summary).WithDescription(description).AnswersProblems(problems);
}
