namespace MnistApi.Predict;

/// <summary>What POST /predict answers.</summary>
/// <param name="Model">The served model's name.</param>
/// <param name="Scale">Only for JSON: what the numbers were divided by, 1 or 255.</param>
/// <param name="Predictions">One an image, in the order given.</param>
/// <param name="Warnings">Only where pixels seem to be dark ink on a light background: which, and what to send.</param>
public sealed record PredictResponse(
    string Model, int? Scale, IReadOnlyList<Prediction> Predictions, IReadOnlyList<string>? Warnings = null);

/// <summary>What the network makes of one image.</summary>
/// <param name="Digit">The most probable digit.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Probabilities">Of the digits 0 to 9; they sum to 1.</param>
/// <param name="Input">Only for include=input: what the network saw.</param>
/// <param name="Activations">
/// Only for include=activations: z1, z2, ... of the hidden layers, and logits, the weighted sums that softmax makes the probabilities of.
/// </param>
public sealed record Prediction(
    int Digit,
    float Probability,
    IReadOnlyList<float> Probabilities,
    PredictionInput? Input = null,
    IReadOnlyDictionary<string, IReadOnlyList<float>>? Activations = null);

/// <summary>What the network saw of one image.</summary>
/// <param name="Pixels">784 numbers, row by row, 0 background to 255 ink; numbers that came normalised are rounded to these.</param>
/// <param name="Png">The same as a PNG in base64.</param>
/// <param name="Steps">What was done to the picture, in the order of doing; none where it passed unchanged or came as pixels.</param>
public sealed record PredictionInput(IReadOnlyList<int> Pixels, string Png, IReadOnlyList<string> Steps);
