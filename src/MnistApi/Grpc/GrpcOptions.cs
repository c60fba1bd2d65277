namespace MnistApi.Grpc;

/// <summary>Where gRPC is served. Key Grpc:Port; as an environment variable Grpc__Port.</summary>
public sealed class GrpcOptions
{
    public const string Section = "Grpc";
    public const string PortKey = "Grpc:Port";

    /// <summary>A port for HTTP/2 alone; none, and there is no gRPC.</summary>
    public int? Port { get; set; }
}
