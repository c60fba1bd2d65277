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

/// <summary>All settings, read and validated once, before the application is built. A section is called as its property is.</summary>
internal sealed record Settings(
    ModelOptions Model,
    LimitOptions Limits,
    OverloadOptions Overload,
    DatasetOptions Dataset,
    AccessOptions Access,
    GrpcOptions Grpc,
    MetricsOptions Metrics,
    RequestLogOptions RequestLog,
    ShutdownOptions Shutdown)
{
    /// <exception cref="StartupException">Values are wrong; the message names all of them.</exception>
    public static Settings Read(IConfiguration configuration)
    {
        var failures = new List<string>();
        var settings = new Settings(
            Bind<ModelOptions>(nameof(Model)),
            Bind<LimitOptions>(nameof(Limits)),
            Bind<OverloadOptions>(nameof(Overload)),
            Bind<DatasetOptions>(nameof(Dataset)),
            Bind<AccessOptions>(nameof(Access)),
            Bind<GrpcOptions>(nameof(Grpc)),
            Bind<MetricsOptions>(nameof(Metrics)),
            Bind<RequestLogOptions>(nameof(RequestLog)),
            Bind<ShutdownOptions>(nameof(Shutdown)));
        failures.AddRange(settings.Overload.Failures(settings.Limits));
        return failures.Count == 0 ? settings : throw new StartupException(string.Join(Environment.NewLine, failures));

        T Bind<T>(string name)
            where T : ISection, new()
        {
            var section = new T();
            try
            {
                configuration.GetSection(name).Bind(section);
                failures.AddRange(section.Failures());
            }
            catch (InvalidOperationException error) // the binder's own message names the key and the value
            {
                failures.Add($"{error.Message} (as an environment variable, a key's ':' is written '__')");
            }
            return section;
        }
    }

    /// <summary>What a failure says: the key, as an environment variable too, and what was expected.</summary>
    public static string Expected(string key, string expected) =>
        $"{key} (environment variable {key.Replace(":", "__", StringComparison.Ordinal)}): expected {expected}";

    public static string Expected(string key, long min, long max) => Expected(key, $"a whole number from {min} to {max}");
}
