using Microsoft.AspNetCore.Http.HttpResults;
using MnistApi.Inference.Datasets;
using MnistApi.Logging;
using MnistApi.Model;
using MnistApi.OpenApi;
using MnistApi.Overload;
using static MnistApi.OpenApi.SchemaParts;

namespace MnistApi.Eval;

/// <summary>GET /eval: the served network's accuracy on MNIST, computed within the request.</summary>
internal static class EvalEndpoint
{
    public static void AddEval(this WebApplicationBuilder builder, DatasetOptions options)
    {
        options.Path ??= builder.Configuration[MnistSource.EnvironmentVariable] is { Length: > 0 } folder ? folder : null;
        builder.Services.AddSingleton(options).AddSingleton<EvalSets>();
    }

    public static void MapEval(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/eval", HandleAsync)
            .WithName("eval")
            .WithTags("Evaluate")
            .WithSummary("Measure the accuracy on MNIST")
            .WithDescription(
                "Runs the 10,000 test images (or the 60,000 training images) through the network within the request. "
                + "The first call loads the data, and fetches it where it is not on this machine. One evaluation runs at a time; others "
                + "wait some seconds, ten unless the service is set up otherwise.")
            .TakesQuery("batch", Whole(min: 1, max: EvalQuery.MaxBatch, byDefault: EvalQuery.DefaultBatch),
                "Images a forward pass. The accuracy does not depend on it, the time does.")
            .TakesQuery("split", OneOf(["test", "train"], byDefault: "test"), "The 10,000 test images or the 60,000 training images.")
            .TakesQuery("include", OneOf(["misses", "predictions", "misses,predictions"]),
                $"misses: a member 'misses' with what was answered wrong, at most {Misses.Max}. predictions: members 'labels' and "
                + "'predictions' with every image's true and answered digit. Both with a comma between.")
            .AnswersProblems(400, 429, 503);

    private static async Task<Ok<EvalResponse>> HandleAsync(
        HttpContext context, LoadedModel model, EvalSets sets, Admission admission, string? batch, string? split, string? include)
    {
        var query = EvalQuery.Of(batch, split, include);
        using var turn = await sets.TakeTurnAsync(context.RequestAborted);
        var set = await turn.LoadAsync(query.Split, context.RequestAborted);
        context.Features.Set(new ImageCount(set.Count));
        using var work = await admission.AdmitAsync(context);
        var answers = query.IncludesMisses || query.IncludesPredictions ? new byte[set.Count] : null;
        var evaluation = Evaluation.Run(model.Network, set, query.Batch, answers: answers, cancellation: context.RequestAborted);
        var answer = EvalResponse.Of(model.Name, EvalQuery.Name(query.Split), evaluation) with
        {
            Misses = query.IncludesMisses ? Misses.Find(model.Network, set, answers!) : null,
            Labels = query.IncludesPredictions ? Numbers(set.Labels.ToArray()) : null,
            Predictions = query.IncludesPredictions ? Numbers(answers!) : null,
        };
        return TypedResults.Ok(answer);
    }

    private static int[] Numbers(byte[] digits) => Array.ConvertAll(digits, digit => (int)digit);
}
