using MnistApi.Metrics;

namespace MnistApi.Overload;

internal static class OverloadSetup
{
    private const int MaxSpareThreads = 1000;

    public static void AddOverload(this WebApplicationBuilder builder, OverloadOptions options, LimitOptions limits)
    {
        // Long work keeps a thread busy; the pool has to have others for short requests without thinking it over.
        ThreadPool.GetMinThreads(out var workers, out var input);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + Math.Min(options.Concurrency, MaxSpareThreads)), input);
        builder.Services.AddSingleton(options).AddSingleton(_ => Watched(new Admission(options, options.HeldBytesFor(limits.BodyBytes))));
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Limits.MaxConcurrentConnections = options.Connections > 0 ? options.Connections : null);
    }

    private static Admission Watched(Admission admission)
    {
        Watch("mnist.work.running", "{request}", "Requests with long work that are under way.", () => admission.Running);
        Watch("mnist.work.waiting", "{request}", "Requests with long work that wait for their turn.", () => admission.Waiting);
        Watch("mnist.bodies.held", "By", "Memory that holds large request bodies.", () => admission.Bodies.Held);
        return admission;

        static void Watch(string name, string unit, string description, Func<long> read) =>
            Instruments.Meter.CreateObservableUpDownCounter(name, read, unit, description);
    }
}
