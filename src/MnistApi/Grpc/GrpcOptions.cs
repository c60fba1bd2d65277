using MnistApi.Startup;

namespace MnistApi.Grpc;

/// <summary>Where gRPC is served. Key Grpc:Port; as an environment variable Grpc__Port.</summary>
internal sealed class GrpcOptions : ISection
{
    /// <summary>A port for HTTP/2 alone; none, and there is no gRPC.</summary>
    public int? Port { get; set; }

    public IEnumerable<string?> Failures() =>
    [
        Settings.Check(Port is null or (> 0 and <= ushort.MaxValue), "Grpc:Port",
            $"a whole number from 1 to {ushort.MaxValue}, or nothing"),
    ];
}
