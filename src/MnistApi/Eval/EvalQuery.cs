using MnistApi.Inference.Datasets;

namespace MnistApi.Eval;

/// <summary>What a request to GET /eval asks. It comes as text: the framework's own binding would not say what it expects.</summary>
internal readonly record struct EvalQuery(int Batch, MnistSplit Split, bool IncludesMisses, bool IncludesPredictions)
{
    public const int MaxBatch = 10_000;
    public const int DefaultBatch = 100;

    /// <exception cref="RefusedException">A parameter has a value that it cannot have.</exception>
    public static EvalQuery Of(string? batch, string? split, string? include)
    {
        var size = DefaultBatch;
        if (batch is not null && !(WholeNumber.TryParse(batch, out size) && size is >= 1 and <= MaxBatch))
            throw Malformed("batch", batch, $"a whole number from 1 to {MaxBatch}");
        var which = MnistSplit.Test;
        if (split is not null && !TryParseSplit(split, out which))
            throw Malformed("split", split, "test or train");
        var words = include?.Split(',') ?? [];
        if (words.Any(word => word is not ("misses" or "predictions")))
            throw Malformed("include", include, "misses, predictions or both with a comma between");
        return new EvalQuery(size, which, words.Contains("misses"), words.Contains("predictions"));
    }

    public static string Name(MnistSplit split) => split == MnistSplit.Test ? "test" : "train";

    public static bool TryParseSplit(string text, out MnistSplit split)
    {
        split = text == "train" ? MnistSplit.Train : MnistSplit.Test;
        return text is "test" or "train";
    }

    private static RefusedException Malformed(string name, string? value, string expected) =>
        new(Refusal.Malformed, $"{name} is '{Quote.Of(value)}', expected {expected}");
}
