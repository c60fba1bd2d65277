using System.Diagnostics;
using MnistApi.Problems;

namespace MnistApi.Logging;

/// <summary>
/// One structured line a request: refused, failed and slow ones always, of those refused for load one a second. Successful ones have theirs
/// when the level of "RequestLog" is turned up to Debug (Serilog__MinimumLevel__Override__RequestLog=Debug), because at full rate a line
/// costs more than a prediction. Serilog's own request logging collects a context for every request before it knows whether a line will
/// be written; this does not.
/// </summary>
internal sealed class RequestLog(RequestDelegate next, ILoggerFactory loggers, RequestLogOptions options)
{
    private readonly ILogger _logger = loggers.CreateLogger("RequestLog");
    private readonly double _slowMilliseconds = options.SlowMilliseconds;
    private long _second; // in which a request was last refused for load

    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        await next(context);
        var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var level = IsOneOfMany(context.Response) ? LogLevel.Debug : LevelOf(context.Response.StatusCode, milliseconds);
        if (_logger.IsEnabled(level))
            Write(level, context, milliseconds);
    }

    /// <summary>
    /// Of requests that should come again later, one line a second is enough: there may be thousands, just when the machine is busy.
    /// </summary>
    private bool IsOneOfMany(HttpResponse response)
    {
        if (response.StatusCode < StatusCodes.Status400BadRequest || response.Headers.RetryAfter.Count == 0)
            return false;
        var second = Environment.TickCount64 / 1000;
        return Interlocked.Exchange(ref _second, second) == second;
    }

    private LogLevel LevelOf(int status, double milliseconds) =>
        status >= StatusCodes.Status500InternalServerError ? LogLevel.Error
        : status >= StatusCodes.Status400BadRequest ? LogLevel.Warning
        : milliseconds > _slowMilliseconds ? LogLevel.Warning
        : LogLevel.Debug;

    private void Write(LogLevel level, HttpContext context, double milliseconds)
    {
        var request = context.Request;
        var status = context.Response.StatusCode;
        var images = context.Features.Get<ImageCount>()?.Images ?? 0;
        if (context.Features.Get<AnsweredProblem>() is { } answered)
        {
            _logger.Log(level, answered.Cause, "{Method} {Path} {Status} in {Milliseconds:0.000} ms: {Reason}",
                request.Method, Quote.Of(request.Path), status, milliseconds, answered.Problem.Detail);
        }
        else
        {
            _logger.Log(level, "{Method} {Path} {Status} in {Milliseconds:0.000} ms, {Images} images",
                request.Method, Quote.Of(request.Path), status, milliseconds, images);
        }
    }
}

/// <summary>How many images a request held, for its line in the log.</summary>
internal sealed record ImageCount(int Images);

internal static class RequestLogSetup
{
    public static void UseRequestLog(this WebApplication app) => app.UseMiddleware<RequestLog>();
}
