using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>The float arrays of a file, in its order, and by name what else it holds.</summary>
/// <param name="Arrays">With their names in the file, or arr_0, arr_1, ... where it has none.</param>
/// <param name="PassedOver">Names with their kinds.</param>
internal sealed record ForeignArrays(IReadOnlyList<Tensor> Arrays, IReadOnlyList<string> PassedOver)
{
    /// <summary>The activations, where the file names them.</summary>
    public string? Activations { get; init; }
}
