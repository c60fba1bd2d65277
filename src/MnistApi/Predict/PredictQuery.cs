using MnistApi.Imaging;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>What a request to POST /predict asks beside its body.</summary>
/// <param name="Preprocess">How pictures are brought to 28x28.</param>
/// <param name="IncludesInput">Whether the answer carries what the network saw.</param>
internal readonly record struct PredictQuery(Preprocess Preprocess, bool IncludesInput)
{
    public const string PreprocessKey = "preprocess";
    public const string IncludeKey = "include";

    /// <exception cref="RefusedException">A parameter has a value that is none of its own.</exception>
    public static PredictQuery Of(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
            return default; // nearly always: the query is not even parsed
        return new PredictQuery(ReadPreprocess(request.Query[PreprocessKey]), ReadInclude(request.Query[IncludeKey]));
    }

    private static Preprocess ReadPreprocess(string? text) => text switch
    {
        null or "auto" => Preprocess.Auto,
        "none" => Preprocess.None,
        _ => throw new RefusedException(Refusal.Malformed, $"{PreprocessKey} is '{Quote.Of(text)}', expected auto or none"),
    };

    private static bool ReadInclude(string? text) => text switch
    {
        null => false,
        "input" => true,
        _ => throw new RefusedException(Refusal.Malformed, $"{IncludeKey} is '{Quote.Of(text)}', expected input"),
    };
}
