using Microsoft.Extensions.Options;
using MnistApi.Metrics;

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
            .ValidateOnStart();
        builder.Services.AddSingleton(services =>
        {
            var options = services.GetRequiredService<IOptions<OverloadOptions>>().Value;
            // Long work keeps a thread busy; the pool has to have others for short requests without thinking it over.
            ThreadPool.GetMinThreads(out var workers, out var input);
            ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + Math.Min(options.Concurrency, 1000)), input);
            var gate = new WorkGate(options);
            Instruments.Watch("mnist.work.running", "{request}", "Requests with long work that are under way.", () => gate.Running);
            Instruments.Watch("mnist.work.waiting", "{request}", "Requests with long work that wait for their turn.", () => gate.Waiting);
            return gate;
        });
    }

    private static string Expected(string key, int least) =>
        $"Overload:{key} (environment variable Overload__{key}): expected a whole number from {least} to {OverloadOptions.Most}";
}
