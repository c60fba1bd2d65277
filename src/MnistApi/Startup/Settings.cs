using MnistApi.Access;
using MnistApi.Eval;
using MnistApi.Grpc;
using MnistApi.Logging;
using MnistApi.Metrics;
using MnistApi.Model;
using MnistApi.Overload;
using MnistApi.Predict;
using MnistApi.Shutdown;

namespace MnistApi.Startup;

/// <summary>A section of the configuration that knows what its values have to hold to.</summary>
internal interface ISection
{
    /// <summary>What is wrong with them; each failure names its key.</summary>
    IEnumerable<string> Failures();
}

/// <summary>All settings, read and validated once, before the application is built.</summary>
internal sealed class Settings
{
    private readonly IConfiguration _configuration;
    private readonly List<string> _failures = [];

    private Settings(IConfiguration configuration)
    {
        _configuration = configuration;
        Model = Read<ModelOptions>(ModelOptions.Section);
        Limits = Read<LimitOptions>(LimitOptions.Section);
        Overload = Read<OverloadOptions>(OverloadOptions.Section);
        Dataset = Read<DatasetOptions>(DatasetOptions.Section);
        Access = Read<AccessOptions>(AccessOptions.Section);
        Grpc = Read<GrpcOptions>(GrpcOptions.Section);
        Metrics = Read<MetricsOptions>(MetricsOptions.Section);
        RequestLog = Read<RequestLogOptions>(RequestLogOptions.Section);
        Shutdown = Read<ShutdownOptions>(ShutdownOptions.Section);
        _failures.AddRange(Overload.Failures(Limits));
    }

    public ModelOptions Model { get; }

    public LimitOptions Limits { get; }

    public OverloadOptions Overload { get; }

    public DatasetOptions Dataset { get; }

    public AccessOptions Access { get; }

    public GrpcOptions Grpc { get; }

    public MetricsOptions Metrics { get; }

    public RequestLogOptions RequestLog { get; }

    public ShutdownOptions Shutdown { get; }

    /// <exception cref="StartupException">Values are wrong; the message names all of them.</exception>
    public static Settings Read(IConfiguration configuration)
    {
        var settings = new Settings(configuration);
        return settings._failures.Count == 0 ? settings : throw new StartupException(string.Join(Environment.NewLine, settings._failures));
    }

    /// <summary>What a failure says: the key, as an environment variable too, and what was expected.</summary>
    public static string Expected(string key, string expected) =>
        $"{key} (environment variable {key.Replace(":", "__", StringComparison.Ordinal)}): expected {expected}";

    public static string Expected(string key, long min, long max) => Expected(key, $"a whole number from {min} to {max}");

    private T Read<T>(string section)
        where T : ISection, new()
    {
        var options = new T();
        try
        {
            _configuration.GetSection(section).Bind(options);
            _failures.AddRange(options.Failures());
        }
        catch (InvalidOperationException error) // the binder's own message names the key and the value
        {
            _failures.Add($"{error.Message} (as an environment variable, a key's ':' is written '__')");
        }
        return options;
    }
}
