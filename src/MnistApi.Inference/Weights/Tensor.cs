namespace MnistApi.Inference.Weights;

/// <summary>A named array of float32, row-major.</summary>
/// <param name="Name">The name in the file, such as W1.</param>
/// <param name="Shape">Its dimensions; their product is the number of values.</param>
/// <param name="Values">The numbers, last dimension fastest.</param>
public sealed record Tensor(string Name, IReadOnlyList<int> Shape, ReadOnlyMemory<float> Values)
{
    /// <summary>The shape as people write it, such as [784,50].</summary>
    public string ShapeText => $"[{string.Join(',', Shape)}]";
}

/// <summary>What a safetensors file holds.</summary>
/// <param name="Tensors">In the order of their bytes.</param>
/// <param name="Metadata">The header's __metadata__: text by name.</param>
public sealed record TensorFile(IReadOnlyList<Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The tensors that hold no floats, by name and type.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];
}
