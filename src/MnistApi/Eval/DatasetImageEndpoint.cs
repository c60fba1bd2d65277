using System.Net.Mime;
using MnistApi.Access;
using MnistApi.Imaging;
using MnistApi.OpenApi;
using static MnistApi.OpenApi.SchemaParts;

namespace MnistApi.Eval;

/// <summary>GET /dataset/{split}/{index}.png: one of MNIST's pictures.</summary>
internal static class DatasetImageEndpoint
{
    public static void MapDatasetImages(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/dataset/{split}/{index}.png", HandleAsync)
            .WithName("datasetImage")
            .WithTags("Evaluate")
            .WithSummary("One of MNIST's pictures")
            .WithDescription("By its split, test or train, and its index from 0. The first call loads the data as GET /eval does.")
            .TakesPath("split", OneOf(["test", "train"]), "test")
            .TakesPath("index", Whole(min: 0), 0)
            .AnswersProblems(400, 404, 429, 503)
            .AnswersFile(MediaTypeNames.Image.Png);

    private static async Task<IResult> HandleAsync(HttpContext context, EvalSets sets, string split, string index)
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
}
