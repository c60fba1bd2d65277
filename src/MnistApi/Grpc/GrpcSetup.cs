using Grpc.AspNetCore.Server;
using Grpc.Reflection;
using Grpc.Reflection.V1Alpha;
using MnistApi.Predict;
using MnistApi.Startup;
using HealthV1 = Grpc.Health.V1.Health;
using ReflectionV1 = Grpc.Reflection.V1;

namespace MnistApi.Grpc;

internal static class GrpcSetup
{
    /// <summary>Serves gRPC where it has a port. Where it has none, nothing is registered.</summary>
    public static void AddGrpcServices(this WebApplicationBuilder builder)
    {
        if (!IsOn(builder.Configuration))
            return;
        builder.Services.AddOptions<GrpcOptions>()
            .BindConfiguration(GrpcOptions.Section)
            .Validate(options => options.Port is > 0 and <= ushort.MaxValue,
                $"Grpc:Port (environment variable Grpc__Port): expected a whole number from 1 to {ushort.MaxValue}, or nothing")
            .ValidateOnStart();
        if (ushort.TryParse(builder.Configuration[GrpcOptions.PortKey], out var port) && port > 0)
            builder.AddHttp2Port(port);
        builder.Services.AddGrpc(options => options.Interceptors.Add<RefusalInterceptor>());
        builder.Services.AddOptions<GrpcServiceOptions>()
            .Configure<LimitOptions>((options, limits) => options.MaxReceiveMessageSize = limits.BodyBytes);
        builder.Services.AddSingleton<RefusalInterceptor>();
        builder.Services.AddSingleton<InferenceService>();
        builder.Services.AddSingleton<HealthService>();
        builder.Services.AddSingleton(_ => new ReflectionServiceImpl(
            GRPCInferenceService.Descriptor, HealthV1.Descriptor, ServerReflection.Descriptor));
        builder.Services.AddSingleton(_ => new ReflectionV1ServiceImpl(
            GRPCInferenceService.Descriptor, HealthV1.Descriptor, ReflectionV1.ServerReflection.Descriptor));
    }

    public static void MapGrpcServices(this WebApplication app)
    {
        if (!IsOn(app.Configuration))
            return;
        app.MapGrpcService<InferenceService>();
        app.MapGrpcService<HealthService>().AllowAnonymous();
        app.MapGrpcService<ReflectionServiceImpl>();
        app.MapGrpcService<ReflectionV1ServiceImpl>();
    }

    private static bool IsOn(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[GrpcOptions.PortKey]);
}
