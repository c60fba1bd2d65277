using System.Globalization;
using MnistApi.Inference;
using MnistApi.Inference.Datasets;
using MnistApi.Logging;
using MnistApi.Model;
using MnistApi.Overload;
using MnistApi.Problems;
using MnistApi.Startup;

namespace MnistApi.Eval;

/// <summary>GET /eval: the served network's accuracy on MNIST, computed within the request.</summary>
internal static class EvalEndpoint
{
    public const int MaxBatch = 10_000;
    public const int DefaultBatch = 100;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static void AddEval(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DatasetOptions>()
            .BindConfiguration(DatasetOptions.Section)
            .PostConfigure(options => options.Path ??= Environment.GetEnvironmentVariable(MnistSource.EnvironmentVariable) is { Length: > 0 } folder ? folder : null)
            .Validate(options => options.Path is null || !string.IsNullOrWhiteSpace(options.Path), "Dataset:Path (environment variable Dataset__Path) is empty: expected a folder, or leave it out")
            .ValidateOnStart();
        builder.Services.AddSingleton<EvalSets>();
    }

    public static void MapEval(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/eval", HandleAsync)
            .WithName("eval")
            .WithTags("Evaluate")
            .WithSummary("Measure the accuracy on MNIST")
            .WithDescription(
                "Runs the 10,000 test images (or the 60,000 training images) through the network within the request. "
                + "The first call loads the data, and fetches it where it is not on this machine. One evaluation runs at a time; others wait "
                + "up to ten seconds.")
            .Produces<EvalResponse>();

    private static async Task<IResult> HandleAsync(HttpContext context, LoadedModel model, EvalSets sets, WorkGate gate)
    {
        var batch = ReadBatch(context.Request.Query["batch"]);
        var split = ReadSplit(context.Request.Query["split"]);
        using var turn = await sets.TakeTurnAsync(s_patience, context.RequestAborted)
            ?? throw new RefusedException(Refusal.Busy, $"another evaluation has been running for {s_patience.TotalSeconds} seconds; try again later");
        var set = await LoadAsync(turn, split, context.RequestAborted);
        context.Features.Set(new ImageCount(set.Count));
        using var work = await gate.TakeTurnAsync(context);
        var evaluation = Evaluation.Run(model.Network, set, batch, cancellation: context.RequestAborted);
        return Results.Json(EvalResponse.Of(model.Name, Name(split), evaluation), ResponseJson.Default.EvalResponse);
    }

    private static async Task<MnistSet> LoadAsync(EvalSets.Turn turn, MnistSplit split, CancellationToken cancellation)
    {
        try
        {
            return await turn.LoadAsync(split, cancellation);
        }
        catch (Exception error) when (error is DatasetUnavailableException or IdxFormatException)
        {
            throw new RefusedException(Refusal.Unavailable,
                $"{error.Message}. 'mnist dataset fetch DIR' (in a clone: dotnet run --project src/MnistApi.Cli -- dataset fetch DIR) puts the files into DIR; Dataset:Path (environment variable Dataset__Path) names it.", error);
        }
    }

    private static int ReadBatch(string? text)
    {
        if (text is null)
            return DefaultBatch;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var batch) && batch is >= 1 and <= MaxBatch
            ? batch
            : throw new RefusedException(Refusal.Malformed, $"batch is '{Quote.Of(text)}', expected a whole number from 1 to {MaxBatch}");
    }

    private static MnistSplit ReadSplit(string? text) => text switch
    {
        null or "test" => MnistSplit.Test,
        "train" => MnistSplit.Train,
        _ => throw new RefusedException(Refusal.Malformed, $"split is '{Quote.Of(text)}', expected test or train"),
    };

    private static string Name(MnistSplit split) => split == MnistSplit.Test ? "test" : "train";
}
