using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using MnistApi.Access;
using MnistApi.Imaging;
using MnistApi.Inference.Datasets;
using MnistApi.Logging;
using MnistApi.OpenApi;
using MnistApi.Overload;
using static MnistApi.OpenApi.SchemaParts;

namespace MnistApi.Eval;

/// <summary>The served network's accuracy on MNIST, computed within the request, and MNIST's pictures.</summary>
internal static class EvalEndpoints
{
    public static void AddEval(this WebApplicationBuilder builder, DatasetOptions options)
    {
        options.Path ??= builder.Configuration[MnistSource.EnvironmentVariable] is { Length: > 0 } folder ? folder : null;
        builder.Services.AddSingleton(options).AddSingleton<EvalSets>();
    }

    public static void MapEval(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/eval", EvaluateAsync)
            .Documented("eval", "Evaluate", "Measure the accuracy on MNIST",
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
        routes.MapGet("/dataset/{split}/{index}.png", PictureAsync)
            .Documented("datasetImage", "Evaluate", "One of MNIST's pictures",
                "By its split, test or train, and its index from 0. The first call loads the data as GET /eval does.")
            .TakesPath("split", OneOf(["test", "train"]), "test")
            .TakesPath("index", Whole(min: 0), 0)
            .AnswersProblems(400, 404, 429, 503)
            .AnswersFile(MediaTypeNames.Image.Png);
    }

    private static async Task<Ok<EvalResponse>> EvaluateAsync(
        HttpContext context, LoadedModel model, EvalSets sets, Admission admission, string? batch, string? split, string? include)
    {
        var query = EvalQuery.Of(batch, split, include);
        using var turn = await sets.TakeTurnAsync(context.RequestAborted);
        var set = await turn.LoadAsync(query.Split, context.RequestAborted);
        context.Features.Set(new ImageCount(set.Count));
        using var work = await admission.AdmitAsync(context);
        var answers = query.IncludesMisses || query.IncludesPredictions ? new byte[set.Count] : null;
        var evaluation = Evaluation.Run(model.Network, set, query.Batch, answers: answers, cancellation: context.RequestAborted);
        var confusion = evaluation.Confusion;
        return TypedResults.Ok(new EvalResponse(
            model.Name,
            "mnist",
            EvalQuery.Name(query.Split),
            confusion.Accuracy,
            confusion.Correct,
            confusion.Total,
            evaluation.Batch,
            evaluation.Elapsed.TotalMilliseconds,
            evaluation.ImagesPerSecond,
            confusion.ToRows(),
            [.. Enumerable.Range(0, MnistImage.Classes).Select(confusion.Scores)],
            query.IncludesMisses ? Misses.Find(model.Network, set, answers!) : null,
            query.IncludesPredictions ? Numbers(set.Labels.ToArray()) : null,
            query.IncludesPredictions ? Numbers(answers!) : null));
    }

    private static async Task<IResult> PictureAsync(HttpContext context, EvalSets sets, string split, string index)
    {
        if (!EvalQuery.TryParseSplit(split, out var which))
            throw new RefusedException(Refusal.NotFound, $"there is no split '{Quote.Of(split)}', expected test or train");
        if (!WholeNumber.TryParse(index, out var image))
            throw Malformed($"the index is '{Quote.Of(index)}', expected a whole number from 0");
        if (sets.Loaded(which) is not { } set)
        {
            using var turn = await sets.TakeTurnAsync(context.RequestAborted);
            set = await turn.LoadAsync(which, context.RequestAborted);
        }
        if (image >= set.Count)
            throw new RefusedException(Refusal.NotFound, $"there is no image {image} in {split}, expected 0 to {set.Count - 1}");
        var isForAll = context.RequestServices.GetService<ApiKeys>() is null;
        context.Response.Headers.CacheControl = $"{(isForAll ? "public" : "private")}, max-age=86400";
        if (!isForAll)
            context.Response.Headers.Vary = ApiKeyHandler.Headers;
        return Results.Bytes(PngEncoding.Encode(set.Image(image), MnistImage.Width, MnistImage.Height), MediaTypeNames.Image.Png);
    }

    private static int[] Numbers(byte[] digits) => Array.ConvertAll(digits, digit => (int)digit);
}
