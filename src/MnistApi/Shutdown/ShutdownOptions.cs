namespace MnistApi.Shutdown;

/// <summary>How the service stops. Key Shutdown:DrainSeconds; as an environment variable Shutdown__DrainSeconds.</summary>
public sealed class ShutdownOptions
{
    public const string Section = "Shutdown";

    /// <summary>Whoever needs longer has another problem.</summary>
    public const int MostSeconds = 3600;

    /// <summary>How long requests are still taken after SIGTERM, so that load balancers can notice that it is not ready.</summary>
    public int DrainSeconds { get; set; }
}
