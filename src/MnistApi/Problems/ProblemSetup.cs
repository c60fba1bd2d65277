using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using MnistApi.Imaging;
using MnistApi.Inference.Datasets;

namespace MnistApi.Problems;

/// <summary>Turns every failure into a <see cref="Problem"/>: the one place that knows which failure is which status.</summary>
internal static class ProblemSetup
{
    /// <summary>What a client that hung up would have got; nginx's number, nobody reads it but the log.</summary>
    private const int ClientClosedRequest = 499;

    private const string RetryAfterSeconds = "1";

    public static void AddProblems(this WebApplicationBuilder builder)
    {
        builder.Services.AddExceptionHandler<Handler>();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(pages => Problem.Of(pages.HttpContext.Response.StatusCode, Explain(pages.HttpContext)).WriteAsync(pages.HttpContext));
    }

    private static (int Status, string Detail) Map(Exception error) => error switch
    {
        RefusedException refused => (Status(refused.Reason), refused.Message),
        PictureException picture => (Status(ReasonOf(picture.Error)), picture.Message),
        DatasetUnavailableException or IdxFormatException => (StatusCodes.Status503ServiceUnavailable, error.Message),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        OperationCanceledException or ConnectionResetException => (ClientClosedRequest, "the client closed the connection"),
        _ => (StatusCodes.Status500InternalServerError, "the service failed; its log says how"),
    };

    private static int Status(Refusal reason) => reason switch
    {
        Refusal.Malformed => StatusCodes.Status400BadRequest,
        Refusal.TooLarge => StatusCodes.Status413PayloadTooLarge,
        Refusal.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        Refusal.Unreadable => StatusCodes.Status422UnprocessableEntity,
        Refusal.Busy => StatusCodes.Status429TooManyRequests,
        Refusal.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static Refusal ReasonOf(PictureError error) => error switch
    {
        PictureError.TooManyPixels => Refusal.TooLarge,
        PictureError.NoInk => Refusal.Unreadable,
        _ => Refusal.Malformed,
    };

    /// <summary>For statuses that the framework sets without a word.</summary>
    private static string Explain(HttpContext context)
    {
        var request = context.Request;
        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"there is nothing at {Quote.Of(request.Path)}; /swagger lists what there is",
            StatusCodes.Status405MethodNotAllowed => $"expected {context.Response.Headers.Allow} at {Quote.Of(request.Path)}, got {Quote.Of(request.Method)}",
            StatusCodes.Status415UnsupportedMediaType => $"{Quote.Of(request.Path)} does not read the content type '{Quote.Of(request.ContentType)}'",
            var status => $"{Quote.Of(request.Method)} {Quote.Of(request.Path)} was refused with status {status}",
        };
    }

    private sealed class Handler : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
        {
            var (status, detail) = Map(exception);
            if (status == StatusCodes.Status429TooManyRequests)
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
            await Problem.Of(status, detail).WriteAsync(context);
            return true;
        }
    }
}
