namespace MnistApi.Model;

/// <summary>What GET /model answers.</summary>
/// <param name="Name">The name it is served under.</param>
/// <param name="Architecture">Widths from input to output, such as 784-50-100-10.</param>
/// <param name="Layers">Input side first.</param>
/// <param name="Parameters">Number of weights and biases.</param>
/// <param name="Sha256">SHA-256 of the weights file.</param>
/// <param name="Metadata">What the file says of itself.</param>
public sealed record ModelResponse(
    string Name,
    string Architecture,
    IReadOnlyList<LayerResponse> Layers,
    int Parameters,
    string Sha256,
    IReadOnlyDictionary<string, string> Metadata);

/// <summary>One dense layer: z = h(x·W + b).</summary>
/// <param name="Name">W1 and b1 are the first layer's.</param>
/// <param name="Inputs">Rows of W.</param>
/// <param name="Outputs">Columns of W, length of b.</param>
/// <param name="Activation">h.</param>
public sealed record LayerResponse(string Name, int Inputs, int Outputs, string Activation);
