using MnistApi.Overload;
using MnistApi.Predict;

namespace MnistApi.TensorFlowServing;

/// <summary>Reads a request to POST /v1/models/{model}:predict, of TensorFlow Serving and KServe V1.</summary>
internal sealed class ServingReader(LimitOptions limits) : IRequestReader
{
    private Body? _body;

    /// <summary>Whether the images are called "inputs", so that the answer is called "outputs".</summary>
    public bool IsInputs { get; private set; }

    public async ValueTask<long> ReceiveAsync(HttpRequest request, BodyBudget budget, CancellationToken cancellation)
    {
        _body = await BodyReader.ReadAsync(request, limits.BodyBytes, budget, cancellation);
        return _body.Length;
    }

    public void Read(RequestImages images) =>
        IsInputs = InstancesReader.Read(_body!.Memory.Span, limits.Instances, images, isServing: true).IsInputs;

    public void Dispose() => _body?.Dispose();
}
