using System.Text.Json.Serialization;
using MnistApi.Eval;
using MnistApi.Functions;
using MnistApi.Health;
using MnistApi.OpenInference;
using MnistApi.TensorFlowServing;

namespace MnistApi.Startup;

/// <summary>How the answers that the framework writes become JSON, by code made at build: reflection makes the start 12 % longer.</summary>
[JsonSerializable(typeof(object))] // which the framework asks for beside each endpoint's own
[JsonSerializable(typeof(EvalResponse))]
[JsonSerializable(typeof(ModelResponse))]
[JsonSerializable(typeof(ActivationsResponse))]
[JsonSerializable(typeof(ActivationResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(ServerMetadataResponse))]
[JsonSerializable(typeof(ServerLiveResponse))]
[JsonSerializable(typeof(ServerReadyResponse))]
[JsonSerializable(typeof(ModelListResponse))]
[JsonSerializable(typeof(ModelReadyResponse))]
[JsonSerializable(typeof(ModelMetadataResponse))]
[JsonSerializable(typeof(ServingModelsResponse))]
[JsonSerializable(typeof(ServingStatusResponse))]
[JsonSerializable(typeof(ServingMetadataResponse))]
internal sealed partial class ResponseJson : JsonSerializerContext
{
    public static void Add(IServiceCollection services) => services.ConfigureHttpJsonOptions(json =>
    {
        json.SerializerOptions.TypeInfoResolver = Default; // and nothing else: a type that is not above ends the first request
        json.SerializerOptions.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals; // softmax as written gives NaN
    });
}
