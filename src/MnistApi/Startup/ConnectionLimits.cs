using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MnistApi.Startup;

/// <summary>
/// How slow and how long-winded a client may be: Kestrel's limits, said here rather than left to what they happen to be. Whoever exceeds
/// one is answered 408, 414 or 431, or disconnected. How much a body may bring is <see cref="Predict.LimitOptions"/>.
/// </summary>
internal static class ConnectionLimits
{
    private const double SlowestBytesPerSecond = 1024; // either way; Kestrel would let a body of 16 MiB take nineteen hours
    private const int GraceSeconds = 5;
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(GraceSeconds);

    /// <summary>What a client is told whose body comes too slowly.</summary>
    public static string TooSlow { get; } =
        $"the body came too slowly, expected {SlowestBytesPerSecond} bytes a second or more, and no pause beyond {GraceSeconds} seconds";

    public static void AddConnectionLimits(this WebApplicationBuilder builder) => builder.WebHost.ConfigureKestrel(kestrel =>
    {
        var limits = kestrel.Limits;
        limits.MaxRequestLineSize = 8 << 10;
        limits.MaxRequestHeadersTotalSize = 32 << 10;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxResponseBufferSize = 64 << 10;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
        limits.MinRequestBodyDataRate = new MinDataRate(SlowestBytesPerSecond, Grace);
        limits.MinResponseDataRate = new MinDataRate(SlowestBytesPerSecond, Grace);
    });
}
