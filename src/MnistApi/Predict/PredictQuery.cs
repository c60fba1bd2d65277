using MnistApi.Imaging;

namespace MnistApi.Predict;

/// <summary>What a request to POST /predict asks beside its body.</summary>
internal readonly record struct PredictQuery(Preprocess Preprocess, bool ExpectsNumbers, bool WantsInput, bool WantsActivations)
{
    public const string ExpectKey = "expect";
    public const string PreprocessKey = "preprocess";
    public const string IncludeKey = "include";

    public static PredictQuery Of(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
            return default; // nearly always: the query is not even parsed
        string? preprocess = request.Query[PreprocessKey], expect = request.Query[ExpectKey], include = request.Query[IncludeKey];
        var extras = include?.Split(',') ?? [];
        var query = new PredictQuery(
            preprocess switch
            {
                null or "auto" => Preprocess.Auto,
                "none" => Preprocess.None,
                _ => throw Unknown(PreprocessKey, preprocess, "auto or none"),
            },
            expect switch
            {
                null or "digit" => false,
                "number" => true,
                _ => throw Unknown(ExpectKey, expect, "digit or number"),
            },
            extras.Contains("input"),
            extras.Contains("activations"));
        if (extras.Except(["input", "activations"]).Any())
            throw Unknown(IncludeKey, include, "input, activations or both with a comma between");
        return query is not { ExpectsNumbers: true, Preprocess: Preprocess.None } ? query : throw Malformed(
            $"{ExpectKey} is number and {PreprocessKey} none, expected {PreprocessKey} auto: digits are not looked for without");
    }

    private static RefusedException Unknown(string key, string? text, string expected) =>
        new(Refusal.Malformed, $"{key} is '{Quote.Of(text)}', expected {expected}");
}
