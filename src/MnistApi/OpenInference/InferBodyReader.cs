using MnistApi.Overload;
using MnistApi.Predict;

namespace MnistApi.OpenInference;

/// <summary>Reads a request to POST /v2/models/{model}/infer.</summary>
internal sealed class InferBodyReader(LimitOptions limits) : IRequestReader
{
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    private Body? _body;
    private int _jsonLength;

    /// <summary>What the request asks beside its data; known once it is read.</summary>
    public InferRequest Asked { get; private set; } = null!;

    public async ValueTask<long> ReceiveAsync(HttpRequest request, BodyBudget budget, CancellationToken cancellation)
    {
        _body = await BodyReader.ReadAsync(request, limits.BodyBytes, budget, cancellation);
        _jsonLength = JsonLength(request, _body.Length);
        return _body.Length;
    }

    public void Read(RequestImages images) => Asked = InferReader.Read(_body!.Memory, _jsonLength, limits, images);

    public void Dispose() => _body?.Dispose();

    private static int JsonLength(HttpRequest request, int bodyLength)
    {
        var header = request.Headers[JsonLengthHeader];
        if (header.Count == 0)
            return bodyLength;
        if (int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bodyLength)
            return length;
        throw Malformed($"{JsonLengthHeader} is '{Quote.Of(header)}', expected a whole number from 0 to {bodyLength}, the body's bytes");
    }
}
