namespace MnistApi.OpenInference;

/// <summary>What GET /v2 answers.</summary>
/// <param name="Name">The server's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Extensions">What it does beyond the protocol.</param>
public sealed record ServerMetadataResponse(string Name, string Version, IReadOnlyList<string> Extensions);

/// <summary>What GET /v2/health/live answers.</summary>
/// <param name="Live">True.</param>
public sealed record ServerLiveResponse(bool Live);

/// <summary>What GET /v2/health/ready answers.</summary>
/// <param name="Ready">True.</param>
public sealed record ServerReadyResponse(bool Ready);

/// <summary>What GET /v2/models answers.</summary>
/// <param name="Models">The names that are served: one.</param>
public sealed record ModelListResponse(IReadOnlyList<string> Models);

/// <summary>What GET /v2/models/{model}/ready answers.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Ready">True.</param>
public sealed record ModelReadyResponse(string Name, bool Ready);

/// <summary>What GET /v2/models/{model} answers.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Versions">The versions that are served: one.</param>
/// <param name="Platform">What computes it.</param>
/// <param name="Inputs">Two forms of its one input: a request brings either.</param>
/// <param name="Outputs">Its outputs.</param>
public sealed record ModelMetadataResponse(
    string Name,
    IReadOnlyList<string> Versions,
    string Platform,
    IReadOnlyList<TensorMetadata> Inputs,
    IReadOnlyList<TensorMetadata> Outputs);

/// <summary>A tensor of the model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">The type of its elements.</param>
/// <param name="Shape">Its dimensions; -1 is any.</param>
public sealed record TensorMetadata(string Name, string Datatype, IReadOnlyList<long> Shape)
{
    internal static IReadOnlyList<TensorMetadata> Of(TensorInfo[] tensors) =>
        [.. tensors.Select(tensor => new TensorMetadata(tensor.Name, tensor.Datatype.Name(), tensor.Shape))];
}
