using MnistApi.Startup;

namespace MnistApi.Shutdown;

/// <summary>How the service stops. Key Shutdown:DrainSeconds; as an environment variable Shutdown__DrainSeconds.</summary>
internal sealed class ShutdownOptions : ISection
{
    private const int MaxSeconds = 3600; // whoever needs longer has another problem

    public int DrainSeconds { get; set; } // after SIGTERM, so that load balancers can notice that it is not ready

    public IEnumerable<string?> Failures() => [Settings.Range(DrainSeconds, "Shutdown:DrainSeconds", 0, MaxSeconds)];
}
