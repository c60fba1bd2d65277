namespace MnistApi.Logging;

/// <summary>How requests are logged. Keys RequestLog:Format and RequestLog:SlowMilliseconds.</summary>
public sealed class RequestLogOptions
{
    public const string Section = "RequestLog";

    /// <summary>How lines look; by default compact JSON in a container, text elsewhere.</summary>
    public LogFormat Format { get; set; }

    /// <summary>A request that takes longer is logged even where it succeeded.</summary>
    public double SlowMilliseconds { get; set; } = 1000;

    /// <summary>Whether lines are JSON; needed before options can be validated, so what is no format counts as Auto until then.</summary>
    public static bool IsJson(IConfiguration configuration) =>
        Enum.TryParse<LogFormat>(configuration[$"{Section}:{nameof(Format)}"], ignoreCase: true, out var format) && format != LogFormat.Auto
            ? format == LogFormat.Json
            : configuration["DOTNET_RUNNING_IN_CONTAINER"] is "1" or "true" or "True";
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
