using MnistApi.Startup;

namespace MnistApi.Logging;

/// <summary>How requests are logged. Keys RequestLog:Format and RequestLog:SlowMilliseconds.</summary>
internal sealed class RequestLogOptions : ISection
{
    public const string Section = "RequestLog";

    /// <summary>How lines look; by default compact JSON in a container, text elsewhere.</summary>
    public LogFormat Format { get; set; }

    /// <summary>A request that takes longer is logged even where it succeeded.</summary>
    public double SlowMilliseconds { get; set; } = 1000;

    IEnumerable<string> ISection.Failures()
    {
        if (!(SlowMilliseconds > 0))
            yield return Settings.Expected("RequestLog:SlowMilliseconds", "a number above 0");
    }
}

public enum LogFormat
{
    /// <summary>JSON in a container, text elsewhere.</summary>
    Auto,

    /// <summary>For people.</summary>
    Text,

    /// <summary>Serilog's compact JSON, one object a line.</summary>
    Json,
}
