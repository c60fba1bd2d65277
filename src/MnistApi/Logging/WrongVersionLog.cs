using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace MnistApi.Logging;

/// <summary>
/// Writes a line, once a minute at most, when HTTP/2 comes to a port for HTTP/1. Kestrel refuses it before there is a request, and its own
/// line is at Debug, among all that scanners send.
/// </summary>
internal sealed class WrongVersionLog(ILogger logger) : IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";
    private const int Minute = 60_000;

    private long _minute = -1; // in which there was a line

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != BadRequest) // which others have asked for
            return;
        var error = ((IFeatureCollection)value.Value!).Get<IBadRequestExceptionFeature>()?.Error;
        var minute = Environment.TickCount64 / Minute;
        if (error is not BadHttpRequestException { StatusCode: StatusCodes.Status505HttpVersionNotsupported }
            || Interlocked.Exchange(ref _minute, minute) == minute)
        {
            return;
        }
        logger.LogWarning("HTTP/2, or a version that there is not, came to a port for HTTP/1: gRPC belongs on the port of Grpc:Port "
            + "(environment variable Grpc__Port), all else has to be sent as HTTP/1.1");
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public static void Subscribe(IServiceProvider services) => services.GetRequiredService<DiagnosticListener>().Subscribe(
        new WrongVersionLog(services.GetRequiredService<ILogger<WrongVersionLog>>()), name => name == BadRequest);
}
