using System.Diagnostics;

namespace MnistApi.Logging;

/// <summary>
/// One line for every request that is refused, fails or is slow; for the others at Debug alone, because at full rate a line costs more than
/// a prediction. Serilog's own request logging collects a context for each before it knows whether a line will be written.
/// </summary>
internal sealed class RequestLog(RequestDelegate next, ILoggerFactory loggers, RequestLogOptions options)
{
    private readonly ILogger _logger = loggers.CreateLogger("RequestLog");
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

    /// <summary>Of requests that are to come again later one line a second is enough: there may be thousands.</summary>
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
        : milliseconds > options.SlowMilliseconds ? LogLevel.Warning
        : LogLevel.Debug;

    private void Write(LogLevel level, HttpContext context, double milliseconds)
    {
        var (method, path, status) = (context.Request.Method, Quote.Of(context.Request.Path), context.Response.StatusCode);
        if (context.Features.Get<AnsweredProblem>() is { } answered)
        {
            _logger.Log(level, answered.Cause, "{Method} {Path} {Status} in {Milliseconds:0.000} ms: {Reason}",
                method, path, status, milliseconds, answered.Problem.Detail);
            return;
        }
        _logger.Log(level, "{Method} {Path} {Status} in {Milliseconds:0.000} ms, {Images} images",
            method, path, status, milliseconds, context.Features.Get<ImageCount>()?.Images ?? 0);
    }
}

/// <summary>How many images a request held, for its line in the log.</summary>
internal sealed record ImageCount(int Images);
