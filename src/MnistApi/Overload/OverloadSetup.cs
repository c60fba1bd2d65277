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
            .Validate(options => options.Concurrency is >= 1 and <= OverloadOptions.Most, Expected("Concurrency", 1))
            .Validate(options => options.Queue is >= 0 and <= OverloadOptions.Most, Expected("Queue", 0))
            .Validate(options => options.PerClient is >= 0 and <= OverloadOptions.Most, Expected("PerClient", 0))
            .Validate(options => options.EvaluationSeconds is >= 0 and <= OverloadOptions.Most, Expected("EvaluationSeconds", 0))
            .Validate(options => options.Connections >= 0, "Overload:Connections (environment variable Overload__Connections): expected a whole number, 0 for any number of them")
            .Validate<IOptions<LimitOptions>>((options, limits) => options.HeldBytes is null || options.HeldBytes >= OverloadOptions.LeastHeldBytes(limits.Value.BodyBytes),
                "Overload:HeldBytes (environment variable Overload__HeldBytes): expected at least three times Limits:BodyBytes")
            .ValidateOnStart();
        builder.Services.AddSingleton(services =>
        {
            var options = services.GetRequiredService<IOptions<OverloadOptions>>().Value;
            // Long work keeps a thread busy; the pool has to have others for short requests without thinking it over.
            ThreadPool.GetMinThreads(out var workers, out var input);
            ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + Math.Min(options.Concurrency, 1000)), input);
            var bodyBytes = services.GetRequiredService<LimitOptions>().BodyBytes;
            var gate = new WorkGate(options, options.HeldBytes ?? OverloadOptions.DefaultHeldBytes(bodyBytes));
            Instruments.Watch("mnist.work.running", "{request}", "Requests with long work that are under way.", () => gate.Running);
            Instruments.Watch("mnist.work.waiting", "{request}", "Requests with long work that wait for their turn.", () => gate.Waiting);
            Instruments.Watch("mnist.bodies.held", "By", "Memory that holds large request bodies.", () => gate.Bodies.Held);
            return gate;
        });
        // Kestrel is made before options can be validated: so what is no number is passed over here.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (!int.TryParse(builder.Configuration[$"{OverloadOptions.Section}:{nameof(OverloadOptions.Connections)}"], out var most))
                most = OverloadOptions.MostConnections;
            kestrel.Limits.MaxConcurrentConnections = most > 0 ? most : null;
        });
    }

    private static string Expected(string key, int least) =>
        $"Overload:{key} (environment variable Overload__{key}): expected a whole number from {least} to {OverloadOptions.Most}";
}
