using Google.Protobuf;
using MnistApi.Model;
using MnistApi.OpenInference;
using MnistApi.Predict;

namespace MnistApi.Grpc;

/// <summary>Writes a ModelInferResponse, its outputs raw: every client reads them so.</summary>
internal sealed class InferMessageWriter(LoadedModel model) : IAnswerWriter<InferMessageReader, ModelInferResponse>
{
    public bool WantsLogits(InferMessageReader request) => request.Asked.WantsLogits;

    public ModelInferResponse Write(InferMessageReader request, RequestImages images, Scores scores)
    {
        var asked = request.Asked;
        var response = new ModelInferResponse { ModelName = model.Name, ModelVersion = model.Version, Id = asked.Id };
        if (asked.ScaleOf(images.Pixels) is { } scale)
            response.Parameters[InferRequest.ScaleKey] = new InferParameter { Int64Param = scale };
        if (asked.WarningOf(images.Pixels) is { } warning)
            response.Parameters[InferRequest.WarningKey] = new InferParameter { StringParam = warning };
        foreach (var output in asked.Outputs)
        {
            response.Outputs.Add(new ModelInferResponse.Types.InferOutputTensor
            {
                Name = output.Tensor.Name,
                Datatype = OutputData.DatatypeOf(output).Name(),
                Shape = { OutputData.ShapeOf(output, scores.Images) },
            });
            response.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(OutputData.Bytes(output, scores)));
        }
        return response;
    }
}
