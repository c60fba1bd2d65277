using System.Diagnostics.CodeAnalysis;

namespace MnistApi.Predict;

/// <summary>POST /predict: pictures or pixels in, class probabilities out.</summary>
internal static class PredictEndpoint
{
    public static void AddPredict(this WebApplicationBuilder builder, LimitOptions limits)
    {
        builder.Services.AddSingleton(limits).AddSingleton<PredictionPipeline>();
        // BodyReader says so itself, with the limit in the text; Kestrel's own limit is for bodies that nobody reads.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = limits.BodyBytes);
    }

    public static void MapPredict(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var pipeline = services.GetRequiredService<PredictionPipeline>();
        var limits = services.GetRequiredService<LimitOptions>();
        var extras = new PredictExtras(services.GetRequiredService<LoadedModel>().Network);
        RequestDelegate handler = context =>
            pipeline.AnswerAsync(context, new PredictExchange(PredictQuery.Of(context.Request), limits, extras));
        routes.MapPrediction("/predict", handler)
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(PredictResponse)))
            .WithName("predict")
            .WithTags("Predict")
            .WithDescription(
                "Takes one PNG or JPEG (image/png, image/jpeg), files of both in a form (multipart/form-data), pixels or pictures in "
                + "base64 in JSON, or raw bytes (784 an image, application/octet-stream). Answers the ten class probabilities of every "
                + "image, in the order given; expect=number reads the line of digits in each picture. include=input shows "
                + "what the network saw of each, include=activations what its layers made of it.");
    }

    /// <summary>Maps an endpoint that predicts, of any protocol; its bodies are in bodies.json.</summary>
    public static IEndpointConventionBuilder MapPrediction(
        this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, RequestDelegate handler) =>
        routes.MapPost(pattern, handler)
            .WithMetadata(handler.Method) // without it the document's generator passes a request delegate by
            .WithSummary("Recognise digits")
            .AnswersProblems(400, 413, 415, 422, 429, 503);

    /// <summary>The same for the protocols whose paths name the model.</summary>
    public static IEndpointConventionBuilder MapPrediction(
        this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Func<LimitOptions, Exchange<HttpAnswer>> exchange)
    {
        var pipeline = routes.ServiceProvider.GetRequiredService<PredictionPipeline>();
        var limits = routes.ServiceProvider.GetRequiredService<LimitOptions>();
        var model = routes.ServiceProvider.GetRequiredService<LoadedModel>();
        return routes.MapPrediction(pattern, context =>
        {
            model.Require(context.Request);
            return pipeline.AnswerAsync(context, exchange(limits));
        }).AnswersProblems(404);
    }
}
