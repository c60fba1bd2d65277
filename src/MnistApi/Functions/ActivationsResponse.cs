using System.Text.Json.Serialization;

namespace MnistApi.Functions;

/// <summary>What GET /activations answers.</summary>
/// <param name="Activations">The functions of the chapter, in the order of the enumeration.</param>
public sealed record ActivationsResponse(IReadOnlyList<ActivationDescription> Activations);

/// <summary>One activation function.</summary>
/// <param name="Name">As weights files write it.</param>
/// <param name="Formula">h(a), in plain text.</param>
/// <param name="Layers">The served network's layers that use it, such as layer1.</param>
/// <param name="Values">Where its values are.</param>
/// <param name="Plot">Where its plot is.</param>
public sealed record ActivationDescription(string Name, string Formula, IReadOnlyList<string> Layers, string Values, string Plot);

/// <summary>What GET /activations/{name} answers.</summary>
/// <param name="Name">The function.</param>
/// <param name="X">The numbers given, as float32.</param>
/// <param name="Y">The function's values, computed by the code that serves predictions.</param>
/// <param name="Naive">Only for softmax: the formula as it is written, which overflows. NaN and Infinity are strings.</param>
/// <param name="MaxSubtracted">Only for softmax: with the largest x subtracted first.</param>
public sealed record ActivationResponse(
    string Name,
    IReadOnlyList<float> X,
    IReadOnlyList<float> Y,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SoftmaxSteps? Naive = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SoftmaxSteps? MaxSubtracted = null);
