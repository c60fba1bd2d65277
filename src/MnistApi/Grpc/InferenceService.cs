using Google.Protobuf;
using Grpc.Core;
using MnistApi.Logging;
using MnistApi.Metrics;
using MnistApi.Model;
using MnistApi.OpenInference;
using MnistApi.Predict;
using MnistApi.Startup;

namespace MnistApi.Grpc;

/// <summary>The Open Inference Protocol over gRPC.</summary>
internal sealed class InferenceService(LoadedModel model, LimitOptions limits, IHostApplicationLifetime lifetime) : GRPCInferenceService.GRPCInferenceServiceBase
{
    private bool IsReady => !lifetime.ApplicationStopping.IsCancellationRequested;

    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) => Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) => Task.FromResult(new ServerReadyResponse { Ready = IsReady });

    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        model.Require(request.Name, request.Version);
        return Task.FromResult(new ModelReadyResponse { Ready = IsReady });
    }

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) => Task.FromResult(
        new ServerMetadataResponse { Name = OpenInferenceMap.ServerName, Version = OpenInferenceMap.ServerVersion, Extensions = { Tensors.GrpcExtensions } });

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

    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        model.Require(request.ModelName, request.ModelVersion);
        var infer = InferMessageReader.Read(request);
        using var batch = new PixelBatch();
        if (infer.Input.IsImage || request.CalculateSize() > PredictEndpoint.QuickBytes)
            await Transport.LeaveInputThread();
        var start = Stages.Now();
        InferMessageReader.ReadData(request, infer, limits, batch, context.CancellationToken);
        batch.Decoded(start);
        context.GetHttpContext().Features.Set(new ImageCount(batch.Count));

        using var scores = Scores.Of(model.Network, batch, infer.WantsLogits);
        return Answer(infer, scores, infer.Input.IsImage ? null : batch.Scale);
    }

    private ModelInferResponse Answer(InferRequest infer, Scores scores, int? scale)
    {
        var start = Stages.Now();
        var response = new ModelInferResponse { ModelName = model.Name, ModelVersion = model.Version, Id = infer.Id };
        if (scale is not null)
            response.Parameters[InferRequest.ScaleKey] = new InferParameter { Int64Param = scale.Value };
        foreach (var output in infer.Outputs)
        {
            response.Outputs.Add(new ModelInferResponse.Types.InferOutputTensor
            {
                Name = output.Tensor.Name,
                Datatype = OutputData.DatatypeOf(output).Name(),
                Shape = { OutputData.ShapeOf(output, scores.Images) },
            });
            response.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(OutputData.Bytes(output, scores)));
        }
        Stages.Serialised(start);
        return response;
    }

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorInfo tensor) =>
        new() { Name = tensor.Name, Datatype = tensor.Datatype.Name(), Shape = { tensor.Shape } };
}
