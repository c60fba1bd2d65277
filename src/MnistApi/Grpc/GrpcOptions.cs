using MnistApi.Startup;

namespace MnistApi.Grpc;

/// <summary>Where gRPC is served. Key Grpc:Port; as an environment variable Grpc__Port.</summary>
internal sealed class GrpcOptions : ISection
{
    public const string Section = "Grpc";

    /// <summary>A port for HTTP/2 alone; none, and there is no gRPC.</summary>
    public int? Port { get; set; }

    IEnumerable<string> ISection.Failures()
    {
        if (Port is <= 0 or > ushort.MaxValue)
            yield return Settings.Expected("Grpc:Port", $"a whole number from 1 to {ushort.MaxValue}, or nothing");
    }
}
