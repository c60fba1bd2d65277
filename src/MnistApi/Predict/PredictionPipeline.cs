using MnistApi.Logging;
using MnistApi.Metrics;
using MnistApi.Model;
using MnistApi.Overload;

namespace MnistApi.Predict;

/// <summary>
/// The one way of every prediction, whatever its protocol: admit, read, score, write. A protocol brings the reader and the writer. The
/// turn belongs to the request, and each stage is measured here and nowhere else.
/// </summary>
internal sealed class PredictionPipeline(LoadedModel model, LimitOptions limits, Admission admission)
{
    /// <summary>Answers a request over HTTP.</summary>
    public async Task AnswerAsync<TReader>(HttpContext context, TReader reader, IAnswerWriter<TReader, HttpAnswer> writer)
        where TReader : IRequestReader
    {
        if (admission.IsFull && !await ShortWork.AllowsAtFirstSightAsync(context.Request, context.RequestAborted))
        {
            // Nothing is thrown: under overload the many that are refused must not cost what the few are worth.
            await ProblemSetup.AnswerAsync(context, admission.Overloaded());
            return;
        }
        using var answer = await RunAsync(context, reader, writer, context.RequestAborted);
        await answer.SendAsync(context.Response, context.RequestAborted);
    }

    /// <summary>Takes a request from its bytes to its answer, and gives back all that it held.</summary>
    /// <exception cref="RefusedException">It breaks a rule, or there is no turn for it.</exception>
    /// <exception cref="Imaging.PictureException">A picture cannot be read.</exception>
    public async Task<TAnswer> RunAsync<TReader, TAnswer>(
        HttpContext context, TReader reader, IAnswerWriter<TReader, TAnswer> writer, CancellationToken cancellation)
        where TReader : IRequestReader
    {
        using var images = new RequestImages(limits);
        using var disposedReader = reader;
        IDisposable? turn = null;
        try
        {
            var bytes = await reader.ReceiveAsync(context.Request, admission.Bodies, cancellation);
            if (!ShortWork.Allows(bytes))
                turn = await admission.AdmitAsync(context);

            var times = new StageTimes();
            times.Begin();
            reader.Read(images);
            times.Decoded();
            if (images.Pictures > 0)
            {
                if (turn is null && !ShortWork.Allows(bytes, images.PicturePixels))
                {
                    turn = await admission.AdmitAsync(context);
                    times.Begin();
                }
                images.ReadPictures(cancellation);
                times.Decoded(images.Preprocessing);
            }
            context.Features.Set(new ImageCount(images.Pixels.Count));

            using var scores = Scores.Of(model.Network, images.Pixels, writer.WantsLogits(reader));
            times.Forwarded();
            var answer = writer.Write(reader, images, scores);
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
