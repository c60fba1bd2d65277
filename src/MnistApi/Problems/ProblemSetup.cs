using Microsoft.AspNetCore.Connections;
using MnistApi.Imaging;
using MnistApi.Metrics;
using MnistApi.Startup;

namespace MnistApi.Problems;

/// <summary>Turns every failure into a <see cref="Problem"/>: the one place that knows which failure is which status.</summary>
internal static class ProblemSetup
{
    private const string Closed = "the client closed the connection";

    /// <summary>One middleware in place of the framework's two, which each put a feature of their own into every request.</summary>
    public static void UseProblems(this WebApplication app) => app.Use(next => context => InvokeAsync(context, next));

    private static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var response = context.Response;
        try
        {
            await next(context);
        }
        catch (Exception error) when (!response.HasStarted)
        {
            await AnswerAsync(context, error);
            return;
        }
        // what the framework refuses without a word
        if (response.StatusCode >= StatusCodes.Status400BadRequest && !response.HasStarted && response.ContentLength is null
            && response.ContentType is null)
        {
            Instruments.Rejected(Reason(response.StatusCode));
            await Problem.Of(response.StatusCode, Explain(context)).WriteAsync(context);
        }
    }

    /// <summary>Answers with what this failure means.</summary>
    public static async Task AnswerAsync(HttpContext context, Exception error)
    {
        var (status, detail) = Map(error, context.RequestAborted.IsCancellationRequested);
        var response = context.Response;
        response.Clear();
        var reason = Reason(status, error);
        if (reason is "overloaded" or "too_many")
            response.Headers.RetryAfter = "1"; // second
        if (status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        Instruments.Rejected(reason);
        await Problem.Of(status, detail).WriteAsync(context, status == StatusCodes.Status500InternalServerError ? error : null);
    }

    /// <summary>The status and the detail that a failure is answered with.</summary>
    public static (int Status, string Detail) Map(Exception error, bool isAborted) => error switch
    {
        IOException or OperationCanceledException when isAborted => (StatusCodes.Status499ClientClosedRequest, Closed),
        RefusedException refused => (Status(refused.Reason), refused.Message),
        PictureException picture => (Status(ReasonOf(picture.Error)), picture.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            (StatusCodes.Status408RequestTimeout, ConnectionLimits.TooSlow),
        BadHttpRequestException bad => (bad.StatusCode, "the body does not end where its length or its chunks say"),
        ConnectionResetException => (StatusCodes.Status499ClientClosedRequest, Closed),
        _ => (StatusCodes.Status500InternalServerError, "the service failed; its log says how"),
    };

    private static int Status(Refusal reason) => reason switch
    {
        Refusal.Malformed => StatusCodes.Status400BadRequest,
        Refusal.NotFound => StatusCodes.Status404NotFound,
        Refusal.TooLarge => StatusCodes.Status413PayloadTooLarge,
        Refusal.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        Refusal.Unreadable => StatusCodes.Status422UnprocessableEntity,
        Refusal.Unauthenticated => StatusCodes.Status401Unauthorized,
        Refusal.Busy => StatusCodes.Status429TooManyRequests,
        Refusal.Overloaded or Refusal.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static Refusal ReasonOf(PictureError error) => error switch
    {
        PictureError.TooManyPixels => Refusal.TooLarge,
        PictureError.NoInk or PictureError.SeveralDigits => Refusal.Unreadable,
        _ => Refusal.Malformed,
    };

    /// <summary>The status as the metric of rejections calls it.</summary>
    public static string Reason(int status, Exception? error = null) => status switch
    {
        _ when error is RefusedException { Reason: Refusal.Overloaded } => "overloaded",
        StatusCodes.Status400BadRequest => "malformed",
        StatusCodes.Status401Unauthorized => "unauthenticated",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status404NotFound => "not_found",
        StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
        StatusCodes.Status408RequestTimeout => "too_slow",
        StatusCodes.Status413PayloadTooLarge => "too_large",
        StatusCodes.Status415UnsupportedMediaType => "unsupported_media_type",
        StatusCodes.Status422UnprocessableEntity => "unreadable",
        StatusCodes.Status429TooManyRequests => "too_many",
        StatusCodes.Status499ClientClosedRequest => "client_closed",
        StatusCodes.Status500InternalServerError => "failed",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        _ => "other",
    };

    /// <summary>For statuses that the framework sets without a word.</summary>
    private static string Explain(HttpContext context)
    {
        var request = context.Request;
        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"there is nothing at {Quote.Of(request.Path)}; /swagger lists what there is",
            StatusCodes.Status405MethodNotAllowed =>
                $"expected {context.Response.Headers.Allow} at {Quote.Of(request.Path)}, got {Quote.Of(request.Method)}",
            StatusCodes.Status415UnsupportedMediaType =>
                $"{Quote.Of(request.Path)} does not read the content type '{Quote.Of(request.ContentType)}'",
            var status => $"{Quote.Of(request.Method)} {Quote.Of(request.Path)} was refused with status {status}",
        };
    }
}
