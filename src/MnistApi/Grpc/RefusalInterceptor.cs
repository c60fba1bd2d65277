using Grpc.Core;
using Grpc.Core.Interceptors;
using MnistApi.Metrics;

namespace MnistApi.Grpc;

/// <summary>Turns every failure of a call into a gRPC status with the detail that HTTP would answer, and logs it.</summary>
internal sealed class RefusalInterceptor(ILoggerFactory loggers) : Interceptor
{
    private readonly ILogger _logger = loggers.CreateLogger("RequestLog");

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            var (status, detail) = ProblemSetup.Map(error, context.CancellationToken.IsCancellationRequested);
            Instruments.Rejected(ProblemSetup.Reason(status, error));
            var code = CodeOf(status);
            var isFailure = code == StatusCode.Internal;
            var (level, cause) = isFailure ? (LogLevel.Error, error) : (LogLevel.Warning, null);
            _logger.Log(level, cause, "gRPC {Method} {Status}: {Reason}", context.Method, code, detail);
            throw new RpcException(new Status(code, detail));
        }
    }

    private static StatusCode CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => StatusCode.Unauthenticated,
        StatusCodes.Status403Forbidden => StatusCode.PermissionDenied,
        StatusCodes.Status404NotFound => StatusCode.NotFound,
        StatusCodes.Status429TooManyRequests => StatusCode.ResourceExhausted,
        StatusCodes.Status499ClientClosedRequest => StatusCode.Cancelled,
        >= 400 and < 500 => StatusCode.InvalidArgument,
        StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
        _ => StatusCode.Internal,
    };
}
