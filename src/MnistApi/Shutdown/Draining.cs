namespace MnistApi.Shutdown;

/// <summary>
/// Between SIGTERM and the end: it is no longer ready but answers as before, and tells keep-alive connections to close, for as long as
/// Shutdown:DrainSeconds says; then it stops listening, finishes what it has, and ends.
/// </summary>
internal sealed class Draining(ShutdownOptions options) : IHostedLifecycleService
{
    /// <summary>How long requests under way may take once it has stopped listening.</summary>
    public static readonly TimeSpan InFlight = TimeSpan.FromSeconds(30);

    /// <summary>The host calls this before it stops the server.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(options.DrainSeconds), cancellationToken);
        await delay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

internal static class ShutdownSetup
{
    public static void AddDraining(this WebApplicationBuilder builder, ShutdownOptions options)
    {
        builder.Services.AddSingleton(options).AddHostedService<Draining>();
        builder.Services.Configure<HostOptions>(
            host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds) + Draining.InFlight);
    }

    /// <summary>Answers that are given while it stops end their connection, so that the client's next one goes elsewhere.</summary>
    public static void UseDraining(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use(next => context =>
        {
            if (stopping.IsCancellationRequested && !HttpProtocol.IsHttp2(context.Request.Protocol))
                context.Response.OnStarting(TellToClose, context);
            return next(context);
        });
    }

    /// <summary>At the last moment: an error's answer begins by clearing all headers.</summary>
    private static Task TellToClose(object context)
    {
        ((HttpContext)context).Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }
}
