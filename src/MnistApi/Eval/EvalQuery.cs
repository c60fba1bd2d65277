using MnistApi.Inference.Datasets;
using MnistApi.Problems;

namespace MnistApi.Eval;

/// <summary>What a request to GET /eval asks.</summary>
/// <param name="Batch">Images a forward pass.</param>
/// <param name="Split">Which half of MNIST.</param>
/// <param name="IncludesMisses">Whether the answer lists what was answered wrong.</param>
/// <param name="IncludesPredictions">Whether it lists every image's label and answer.</param>
internal readonly record struct EvalQuery(int Batch, MnistSplit Split, bool IncludesMisses, bool IncludesPredictions)
{
    public const int MaxBatch = 10_000;
    public const int DefaultBatch = 100;

    /// <summary>Reads the parameters as text: the framework's own binding would not say what it expects.</summary>
    /// <exception cref="RefusedException">A parameter has a value that it cannot have.</exception>
    public static EvalQuery Of(string? batch, string? split, string? include)
    {
        var words = include?.Split(',') ?? [];
        if (words.Any(word => word is not ("misses" or "predictions")))
        {
            throw new RefusedException(Refusal.Malformed,
                $"include is '{Quote.Of(include)}', expected misses, predictions or both with a comma between");
        }
        return new EvalQuery(ReadBatch(batch), ReadSplit(split), words.Contains("misses"), words.Contains("predictions"));
    }

    public static string Name(MnistSplit split) => split == MnistSplit.Test ? "test" : "train";

    public static bool TryParseSplit(string? text, out MnistSplit split)
    {
        split = text == "train" ? MnistSplit.Train : MnistSplit.Test;
        return text is "test" or "train";
    }

    private static int ReadBatch(string? text)
    {
        if (text is null)
            return DefaultBatch;
        return WholeNumber.TryParse(text, out var batch) && batch is >= 1 and <= MaxBatch
            ? batch
            : throw new RefusedException(Refusal.Malformed, $"batch is '{Quote.Of(text)}', expected a whole number from 1 to {MaxBatch}");
    }

    private static MnistSplit ReadSplit(string? text)
    {
        if (text is null)
            return MnistSplit.Test;
        return TryParseSplit(text, out var split)
            ? split
            : throw new RefusedException(Refusal.Malformed, $"split is '{Quote.Of(text)}', expected test or train");
    }
}
