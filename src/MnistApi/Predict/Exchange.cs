using MnistApi.Overload;

namespace MnistApi.Predict;

/// <summary>One request of a protocol: how it becomes images, and how it is answered.</summary>
internal abstract class Exchange<TAnswer>(LimitOptions limits) : IDisposable
{
    private Body? _body;

    /// <summary>Whether the answer needs the logits beside the probabilities.</summary>
    public virtual bool WantsLogits => false;

    protected LimitOptions Limits => limits;

    /// <summary>What was received, until the answer is written.</summary>
    protected ReadOnlyMemory<byte> Received => _body!.Memory;

    /// <summary>Takes in the request's bytes and understands nothing of them yet.</summary>
    /// <returns>How many bytes it has.</returns>
    public virtual async ValueTask<long> ReceiveAsync(HttpRequest request, BodyBudget budget, CancellationToken cancellation)
    {
        _body = await BodyReader.ReadAsync(request, limits.BodyBytes, budget, cancellation);
        return _body.Length;
    }

    /// <summary>Checks what was received, and adds its pixels and pictures to the images.</summary>
    public abstract void Read(RequestImages images);

    public abstract TAnswer Write(LoadedModel model, RequestImages images, Scores scores);

    public void Dispose() => _body?.Dispose();
}
