using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using HealthBase = Grpc.Health.V1.Health.HealthBase;

namespace MnistApi.Grpc;

/// <summary>The standard health service: serving until the service is stopping.</summary>
internal sealed class HealthService(IHostApplicationLifetime lifetime) : HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => IsKnown(request.Service)
        ? Task.FromResult(Answer(request.Service))
        : throw new RpcException(new Status(StatusCode.NotFound, $"there is no service '{Problems.Quote.Of(request.Service)}'"));

    /// <summary>Tells the status, and once more when it changes. Then the call ends, so that it does not hold up the stop.</summary>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(Answer(request.Service), context.CancellationToken);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!context.CancellationToken.IsCancellationRequested)
            await responseStream.WriteAsync(Answer(request.Service), context.CancellationToken);
    }

    private static bool IsKnown(string service) => service.Length == 0 || service == GRPCInferenceService.Descriptor.FullName;

    private HealthCheckResponse Answer(string service) => new()
    {
        Status = !IsKnown(service) ? ServingStatus.ServiceUnknown
            : lifetime.ApplicationStopping.IsCancellationRequested ? ServingStatus.NotServing
            : ServingStatus.Serving,
    };
}
