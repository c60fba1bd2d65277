using System.Text.Json.Serialization;
using MnistApi.Eval;
using MnistApi.Functions;
using MnistApi.Health;
using MnistApi.Model;
using MnistApi.OpenInference;
using MnistApi.TensorFlowServing;

namespace MnistApi.Startup;

/// <summary>How answers are written, by code made at build: found out by reflection it would hold up the first request.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ActivationResponse))]
[JsonSerializable(typeof(ActivationsResponse))]
[JsonSerializable(typeof(EvalResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(ModelResponse))]
[JsonSerializable(typeof(ServerMetadataResponse))]
[JsonSerializable(typeof(ServerLiveResponse))]
[JsonSerializable(typeof(ServerReadyResponse))]
[JsonSerializable(typeof(ModelListResponse))]
[JsonSerializable(typeof(ModelMetadataResponse))]
[JsonSerializable(typeof(ModelReadyResponse))]
[JsonSerializable(typeof(ServingModelsResponse))]
[JsonSerializable(typeof(ServingStatusResponse))]
[JsonSerializable(typeof(ServingMetadataResponse))]
internal sealed partial class ResponseJson : JsonSerializerContext;

internal static class ResponseJsonSetup
{
    public static void AddResponseJson(this WebApplicationBuilder builder) => builder.Services.ConfigureHttpJsonOptions(options =>
    {
        options.SerializerOptions.TypeInfoResolverChain.Insert(0, ResponseJson.Default);
        options.SerializerOptions.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals;
    });
}
