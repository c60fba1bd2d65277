using System.Text.Json.Serialization;

namespace MnistApi.TensorFlowServing;

/// <summary>What GET /v1/models answers.</summary>
/// <param name="Models">The names that are served: one.</param>
public sealed record ServingModelsResponse(IReadOnlyList<string> Models);

/// <summary>What GET /v1/models/{model} answers: KServe's members and TensorFlow Serving's.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Ready">Whether it takes requests.</param>
/// <param name="Versions">Its versions: one.</param>
public sealed record ServingStatusResponse(
    string Name, bool Ready, [property: JsonPropertyName("model_version_status")] IReadOnlyList<ServingVersion> Versions);

/// <summary>A version of the model.</summary>
/// <param name="Version">Its name.</param>
/// <param name="State">AVAILABLE, or UNLOADING once the service is stopping.</param>
/// <param name="Status">OK.</param>
public sealed record ServingVersion(string Version, string State, ServingError Status);

/// <summary>An error, or that there is none.</summary>
/// <param name="Code">OK.</param>
/// <param name="Message">Empty.</param>
public sealed record ServingError(
    [property: JsonPropertyName("error_code")] string Code, [property: JsonPropertyName("error_message")] string Message);

/// <summary>What POST /v1/models/{model}:predict answers; the one member of the two that fits the request's.</summary>
/// <param name="Predictions">To instances: the probabilities of the digits 0 to 9 of every image.</param>
/// <param name="Outputs">To inputs: the same.</param>
/// <param name="Warnings">Only where pixels seem to be dark ink on a light background: which, and what to send.</param>
public sealed record ServingPredictResponse(
    IReadOnlyList<IReadOnlyList<float>>? Predictions = null,
    IReadOnlyList<IReadOnlyList<float>>? Outputs = null,
    IReadOnlyList<string>? Warnings = null);

/// <summary>What GET /v1/models/{model}/metadata answers.</summary>
/// <param name="Model">What is described.</param>
/// <param name="Metadata">Its signatures.</param>
public sealed record ServingMetadataResponse([property: JsonPropertyName("model_spec")] ServingModelSpec Model, ServingMetadata Metadata);

/// <summary>A model's name, signature and version.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Signature">Empty: all of them.</param>
/// <param name="Version">Its version.</param>
public sealed record ServingModelSpec(string Name, [property: JsonPropertyName("signature_name")] string Signature, string Version);

/// <summary>The parts of a model's metadata: one.</summary>
/// <param name="Signatures">The signatures.</param>
public sealed record ServingMetadata([property: JsonPropertyName("signature_def")] ServingSignatures Signatures);

/// <summary>All signatures.</summary>
/// <param name="ByName">By name.</param>
public sealed record ServingSignatures([property: JsonPropertyName("signature_def")] IReadOnlyDictionary<string, ServingSignature> ByName);

/// <summary>What a call takes and gives.</summary>
/// <param name="Inputs">Its inputs; a request brings one of them.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Method">The call's name.</param>
public sealed record ServingSignature(
    IReadOnlyDictionary<string, ServingTensor> Inputs,
    IReadOnlyDictionary<string, ServingTensor> Outputs,
    [property: JsonPropertyName("method_name")] string Method);

/// <summary>A tensor.</summary>
/// <param name="Type">Its elements' type in TensorFlow's words.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Name">Its name.</param>
public sealed record ServingTensor(
    [property: JsonPropertyName("dtype")] string Type, [property: JsonPropertyName("tensor_shape")] ServingShape Shape, string Name);

/// <summary>A tensor's shape.</summary>
/// <param name="Dimensions">Its dimensions.</param>
/// <param name="IsUnknown">False.</param>
public sealed record ServingShape(
    [property: JsonPropertyName("dim")] IReadOnlyList<ServingDimension> Dimensions,
    [property: JsonPropertyName("unknown_rank")] bool IsUnknown);

/// <summary>A dimension.</summary>
/// <param name="Size">Its size; -1 is any.</param>
/// <param name="Name">Empty.</param>
public sealed record ServingDimension(string Size, string Name);
