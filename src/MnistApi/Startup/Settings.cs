using MnistApi.Access;
using MnistApi.Eval;
using MnistApi.Grpc;
using MnistApi.Logging;
using MnistApi.Metrics;
using MnistApi.Overload;
using MnistApi.Shutdown;

namespace MnistApi.Startup;

/// <summary>A section of the configuration that knows what its values have to hold to.</summary>
internal interface ISection
{
    /// <summary>A rule a line: what is wrong, as <see cref="Settings.Check"/> says it, or null.</summary>
    IEnumerable<string?> Failures() => [];
}

/// <summary>All settings, read and validated once, before the application is built. A section is called as its property is.</summary>
internal sealed class Settings
{
    public ModelOptions Model { get; } = new();
    public LimitOptions Limits { get; } = new();
    public OverloadOptions Overload { get; } = new();
    public DatasetOptions Dataset { get; } = new();
    public AccessOptions Access { get; } = new();
    public GrpcOptions Grpc { get; } = new();
    public MetricsOptions Metrics { get; } = new();
    public RequestLogOptions RequestLog { get; } = new();
    public ShutdownOptions Shutdown { get; } = new();

    /// <exception cref="StartupException">Values are wrong; the message names all of them.</exception>
    public static Settings Read(IConfiguration configuration)
    {
        var settings = new Settings();
        var failures = new List<string?>();
        foreach (var property in typeof(Settings).GetProperties())
        {
            var section = (ISection)property.GetValue(settings)!;
            try
            {
                configuration.GetSection(property.Name).Bind(section);
                failures.AddRange(section.Failures());
            }
            catch (InvalidOperationException error) // the binder's own message names the key and the value
            {
                failures.Add($"{error.Message} (as an environment variable, a key's ':' is written '__')");
            }
        }
        failures.Add(Check(!(settings.Overload.HeldBytes < OverloadOptions.MinHeldBytes(settings.Limits.BodyBytes)),
            "Overload:HeldBytes", "at least three times Limits:BodyBytes"));
        var all = string.Join(Environment.NewLine, failures.OfType<string>());
        return all.Length == 0 ? settings : throw new StartupException(all);
    }

    /// <summary>What a failure says: the key, as an environment variable too, and what was expected.</summary>
    public static string Expected(string key, string expected) =>
        $"{key} (environment variable {key.Replace(":", "__", StringComparison.Ordinal)}): expected {expected}";

    /// <summary>One rule: null where it is kept, else what a failure says.</summary>
    public static string? Check(bool isRight, string key, string expected) => isRight ? null : Expected(key, expected);

    public static string? Range(long value, string key, long min, long max) =>
        Check(value >= min && value <= max, key, $"a whole number from {min} to {max}");
}
