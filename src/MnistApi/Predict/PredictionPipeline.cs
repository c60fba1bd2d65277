using MnistApi.Logging;
using MnistApi.Metrics;
using MnistApi.Overload;

namespace MnistApi.Predict;

/// <summary>
/// The one way of every prediction, whatever its protocol: admit, read, score, write. A protocol brings the exchange. The turn
/// belongs to the request, and each stage is measured here and nowhere else.
/// </summary>
internal sealed class PredictionPipeline(LoadedModel model, LimitOptions limits, Admission admission)
{
    public async Task AnswerAsync(HttpContext context, Exchange<HttpAnswer> exchange)
    {
        if (admission.IsFull && !await ShortWork.AllowsAtFirstSightAsync(context.Request, context.RequestAborted))
        {
            // Nothing is thrown: under overload the many that are refused must not cost what the few are worth.
            await ProblemSetup.AnswerAsync(context, admission.Overloaded());
            return;
        }
        using var answer = await RunAsync(context, exchange, context.RequestAborted);
        await answer.SendAsync(context.Response, context.RequestAborted);
    }

    /// <summary>Takes a request from its bytes to its answer, and gives back all that it held.</summary>
    public async Task<TAnswer> RunAsync<TAnswer>(HttpContext context, Exchange<TAnswer> exchange, CancellationToken cancellation)
    {
        using var images = new RequestImages(limits);
        using var received = exchange;
        IDisposable? turn = null;
        try
        {
            var bytes = await exchange.ReceiveAsync(context.Request, admission.Bodies, cancellation);
            if (!ShortWork.Allows(bytes))
            {
                turn = await admission.AdmitAsync(context);
                await ShortWork.ToThreadPool();
            }

            var times = new StageTimes();
            times.Begin();
            exchange.Read(images);
            times.Decoded();
            if (images.Pictures > 0)
            {
                if (turn is null && !ShortWork.Allows(bytes, images.PicturePixels))
                {
                    turn = await admission.AdmitAsync(context);
                    await ShortWork.ToThreadPool();
                    times.Begin();
                }
                images.ReadPictures(cancellation);
                times.Decoded(images.Preprocessing);
            }
            context.Features.Set(new ImageCount(images.Pixels.Count));

            using var scores = new Scores(model.Network, images.Pixels, exchange.WantsLogits);
            times.Forwarded();
            var answer = exchange.Write(model, images, scores);
            times.Serialised();
            times.Record();
            Instruments.Predicted(scores.Probabilities);
            return answer;
        }
        finally
        {
            turn?.Dispose(); // before the answer is sent: a client that reads slowly holds nobody up
        }
    }
}
