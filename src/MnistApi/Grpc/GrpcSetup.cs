using Grpc.Reflection;
using Grpc.Reflection.V1Alpha;
using MnistApi.Startup;
using HealthV1 = Grpc.Health.V1.Health;
using ReflectionV1 = Grpc.Reflection.V1;

namespace MnistApi.Grpc;

internal static class GrpcSetup
{
    /// <summary>Serves gRPC where it has a port. Where it has none, nothing is registered.</summary>
    public static void AddGrpcServices(this WebApplicationBuilder builder, GrpcOptions options, LimitOptions limits)
    {
        if (options.Port is not { } port)
            return;
        builder.AddHttp2Port(port);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<RefusalInterceptor>();
            grpc.MaxReceiveMessageSize = limits.BodyBytes;
        });
        builder.Services.AddSingleton<RefusalInterceptor>().AddSingleton<InferenceService>().AddSingleton<HealthService>();
        builder.Services.AddSingleton(_ => new ReflectionServiceImpl(
            GRPCInferenceService.Descriptor, HealthV1.Descriptor, ServerReflection.Descriptor));
        builder.Services.AddSingleton(_ => new ReflectionV1ServiceImpl(
            GRPCInferenceService.Descriptor, HealthV1.Descriptor, ReflectionV1.ServerReflection.Descriptor));
    }

    public static void MapGrpcServices(this WebApplication app, GrpcOptions options)
    {
        if (options.Port is null)
            return;
        app.MapGrpcService<InferenceService>();
        app.MapGrpcService<HealthService>().AllowAnonymous();
        app.MapGrpcService<ReflectionServiceImpl>();
        app.MapGrpcService<ReflectionV1ServiceImpl>();
    }
}
