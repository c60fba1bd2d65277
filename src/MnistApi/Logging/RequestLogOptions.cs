using MnistApi.Startup;

namespace MnistApi.Logging;

/// <summary>How requests are logged. Keys RequestLog:Format and RequestLog:SlowMilliseconds.</summary>
internal sealed class RequestLogOptions : ISection
{
    public LogFormat Format { get; set; }
    public double SlowMilliseconds { get; set; } = 1000; // who takes longer is logged even where it succeeded

    public IEnumerable<string?> Failures() => [Settings.Check(SlowMilliseconds > 0, "RequestLog:SlowMilliseconds", "a number above 0")];
}

public enum LogFormat
{
    Auto, // JSON in a container, text elsewhere
    Text,
    Json, // Serilog's compact JSON, one object a line
}
