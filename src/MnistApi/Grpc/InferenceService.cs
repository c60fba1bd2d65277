using Grpc.Core;
using MnistApi.OpenInference;

namespace MnistApi.Grpc;

/// <summary>The Open Inference Protocol over gRPC.</summary>
internal sealed class InferenceService(
    LoadedModel model, LimitOptions limits, PredictionPipeline pipeline, IHostApplicationLifetime lifetime)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    private bool IsReady => !lifetime.ApplicationStopping.IsCancellationRequested;

    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = IsReady });

    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        model.Require(request.Name, request.Version);
        return Task.FromResult(new ModelReadyResponse { Ready = IsReady });
    }

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse
        {
            Name = OpenInferenceMap.ServerName,
            Version = OpenInferenceMap.ServerVersion,
            Extensions = { Tensors.GrpcExtensions },
        });

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        model.Require(request.Name, request.Version);
        return Task.FromResult(new ModelMetadataResponse
        {
            Name = model.Name,
            Versions = { model.Version },
            Platform = Tensors.Platform,
            Inputs = { Tensors.Inputs.Select(Describe) },
            Outputs = { Tensors.Outputs.Select(Describe) },
        });
    }

    public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        model.Require(request.ModelName, request.ModelVersion);
        return pipeline.RunAsync(context.GetHttpContext(), new InferMessageExchange(request, limits), context.CancellationToken);
    }

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorInfo tensor) =>
        new() { Name = tensor.Name, Datatype = tensor.Datatype.Name(), Shape = { tensor.Shape } };
}
