using MnistApi.Imaging;

namespace MnistApi.Predict;

/// <summary>What an answer carries beside the probabilities.</summary>
[Flags]
internal enum Extras
{
    None = 0,

    /// <summary>What the network saw.</summary>
    Input = 1,

    /// <summary>The hidden layers' outputs and the logits.</summary>
    Activations = 2,
}

/// <summary>What a request to POST /predict asks beside its body.</summary>
/// <param name="Preprocess">How pictures are brought to 28x28.</param>
/// <param name="Extras">What the answer carries beside the probabilities.</param>
/// <param name="ExpectsNumbers">Whether a picture may have several digits side by side, which are a number.</param>
internal readonly record struct PredictQuery(Preprocess Preprocess, Extras Extras, bool ExpectsNumbers)
{
    public const string ExpectKey = "expect";
    public const string PreprocessKey = "preprocess";
    public const string IncludeKey = "include";

    /// <exception cref="RefusedException">A parameter has a value that it cannot have.</exception>
    public static PredictQuery Of(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
            return default; // nearly always: the query is not even parsed
        string? preprocess = request.Query[PreprocessKey], expect = request.Query[ExpectKey], include = request.Query[IncludeKey];
        var query = new PredictQuery(
            preprocess switch
            {
                null or "auto" => Preprocess.Auto,
                "none" => Preprocess.None,
                _ => throw Unknown(PreprocessKey, preprocess, "auto or none"),
            },
            (include?.Split(',') ?? []).Aggregate(Extras.None, (extras, word) => extras | word switch
            {
                "input" => Extras.Input,
                "activations" => Extras.Activations,
                _ => throw Unknown(IncludeKey, include, "input, activations or both with a comma between"),
            }),
            expect switch
            {
                null or "digit" => false,
                "number" => true,
                _ => throw Unknown(ExpectKey, expect, "digit or number"),
            });
        return query is not { ExpectsNumbers: true, Preprocess: Preprocess.None } ? query : throw Malformed(
            $"{ExpectKey} is number and {PreprocessKey} none, expected {PreprocessKey} auto: digits are not looked for without");
    }

    private static RefusedException Unknown(string key, string? text, string expected) =>
        new(Refusal.Malformed, $"{key} is '{Quote.Of(text)}', expected {expected}");
}
