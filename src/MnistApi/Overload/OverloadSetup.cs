using Microsoft.Extensions.Options;
using MnistApi.Metrics;
using MnistApi.Predict;

namespace MnistApi.Overload;

internal static class OverloadSetup
{
    public static void AddOverload(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<OverloadOptions>()
            .BindConfiguration(OverloadOptions.Section)
            .Validate(options => options.Concurrency is >= 1 and <= OverloadOptions.Max, Expected("Concurrency", 1))
            .Validate(options => options.Queue is >= 0 and <= OverloadOptions.Max, Expected("Queue", 0))
            .Validate(options => options.PerClient is >= 0 and <= OverloadOptions.Max, Expected("PerClient", 0))
            .Validate(options => options.EvaluationSeconds is >= 0 and <= OverloadOptions.Max, Expected("EvaluationSeconds", 0))
            .Validate(options => options.Connections >= 0,
                "Overload:Connections (environment variable Overload__Connections): expected a whole number, 0 for any number of them")
            .Validate<IOptions<LimitOptions>>(
                (options, limits) => options.HeldBytes is null || options.HeldBytes >= OverloadOptions.MinHeldBytes(limits.Value.BodyBytes),
                "Overload:HeldBytes (environment variable Overload__HeldBytes): expected at least three times Limits:BodyBytes")
            .ValidateOnStart();
        builder.Services.AddSingleton(services =>
        {
            var options = services.GetRequiredService<IOptions<OverloadOptions>>().Value;
            // Long work keeps a thread busy; the pool has to have others for short requests without thinking it over.
            ThreadPool.GetMinThreads(out var workers, out var input);
            ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + Math.Min(options.Concurrency, 1000)), input);
            var bodyBytes = services.GetRequiredService<LimitOptions>().BodyBytes;
            var admission = new Admission(options, options.HeldBytes ?? OverloadOptions.DefaultHeldBytes(bodyBytes));
            const string Requests = "{request}";
            Instruments.Watch("mnist.work.running", Requests, "Requests with long work that are under way.", () => admission.Running);
            Instruments.Watch("mnist.work.waiting", Requests, "Requests with long work that wait for their turn.", () => admission.Waiting);
            Instruments.Watch("mnist.bodies.held", "By", "Memory that holds large request bodies.", () => admission.Bodies.Held);
            return admission;
        });
        // Kestrel is made before options can be validated: so what is no number is passed over here.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var setting = builder.Configuration[$"{OverloadOptions.Section}:{nameof(OverloadOptions.Connections)}"];
            if (!int.TryParse(setting, out var connections))
                connections = OverloadOptions.DefaultConnections;
            kestrel.Limits.MaxConcurrentConnections = connections > 0 ? connections : null;
        });
    }

    private static string Expected(string key, int min) =>
        $"Overload:{key} (environment variable Overload__{key}): expected a whole number from {min} to {OverloadOptions.Max}";
}
