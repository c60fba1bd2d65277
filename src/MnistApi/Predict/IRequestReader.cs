using MnistApi.Overload;

namespace MnistApi.Predict;

/// <summary>How one request of a protocol becomes images. It keeps what else the request asks, for the protocol's writer.</summary>
internal interface IRequestReader : IDisposable
{
    /// <summary>Takes in the request's bytes and understands nothing of them yet.</summary>
    /// <param name="request">The request.</param>
    /// <param name="budget">What a long body counts against.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="Problems.RefusedException">They are too many, or of a kind that is not read here.</exception>
    ValueTask<long> ReceiveAsync(HttpRequest request, BodyBudget budget, CancellationToken cancellation);

    /// <summary>Checks what was received, and adds its pixels and pictures to the images.</summary>
    /// <exception cref="Problems.RefusedException">It breaks a rule; the message says which and where.</exception>
    void Read(RequestImages images);
}

/// <summary>How a protocol answers what one of its readers has read.</summary>
internal interface IAnswerWriter<in TReader, out TAnswer>
{
    /// <summary>Whether the answer needs the logits beside the probabilities.</summary>
    bool WantsLogits(TReader request) => false;

    TAnswer Write(TReader request, RequestImages images, Scores scores);
}
