using MnistApi.Startup;

namespace MnistApi.Shutdown;

/// <summary>How the service stops. Key Shutdown:DrainSeconds; as an environment variable Shutdown__DrainSeconds.</summary>
internal sealed class ShutdownOptions : ISection
{
    public const string Section = "Shutdown";

    /// <summary>Whoever needs longer has another problem.</summary>
    private const int MaxSeconds = 3600;

    /// <summary>How long requests are still taken after SIGTERM, so that load balancers can notice that it is not ready.</summary>
    public int DrainSeconds { get; set; }

    IEnumerable<string> ISection.Failures()
    {
        if (DrainSeconds is < 0 or > MaxSeconds)
            yield return Settings.Expected("Shutdown:DrainSeconds", 0, MaxSeconds);
    }
}
