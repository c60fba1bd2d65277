using System.Text.Json.Serialization;

namespace MnistApi.Eval;

/// <summary>What GET /eval answers.</summary>
/// <param name="Model">The served model's name.</param>
/// <param name="Dataset">"mnist".</param>
/// <param name="Split">"test" or "train".</param>
/// <param name="Accuracy">Correct / total.</param>
/// <param name="Correct">Images answered right.</param>
/// <param name="Total">Images.</param>
/// <param name="Batch">Images a forward pass.</param>
/// <param name="ElapsedMs">Milliseconds that the forward passes and the counting took; loading the data is not in it.</param>
/// <param name="ImagesPerSecond">Total / elapsed time.</param>
/// <param name="ConfusionMatrix">Counts: a row for each true digit, a column for each answered digit.</param>
/// <param name="Classes">The digits one by one.</param>
/// <param name="Misses">Only for include=misses: what was answered wrong, the first 1000.</param>
/// <param name="Labels">Only for include=predictions: every image's true digit.</param>
/// <param name="Predictions">Only for include=predictions: every image's answer.</param>
public sealed record EvalResponse(
    string Model,
    string Dataset,
    string Split,
    double Accuracy,
    int Correct,
    int Total,
    int Batch,
    double ElapsedMs,
    double ImagesPerSecond,
    int[][] ConfusionMatrix,
    IReadOnlyList<ClassScores> Classes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Miss>? Misses = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Labels = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Predictions = null);
