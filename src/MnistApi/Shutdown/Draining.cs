namespace MnistApi.Shutdown;

/// <summary>
/// Between SIGTERM and the end: it is no longer ready but answers as before, and tells keep-alive connections to close, for as long as
/// Shutdown:DrainSeconds says; then it stops listening, finishes what it has, and ends.
/// </summary>
internal static class Draining
{
    private static readonly TimeSpan s_inFlight = TimeSpan.FromSeconds(30); // for requests, once it has stopped listening

    public static void AddDraining(this WebApplicationBuilder builder, ShutdownOptions options) =>
        builder.Services.AddSingleton(options).Configure<HostOptions>(host => host.ShutdownTimeout = s_inFlight);

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

    /// <summary>Waits for SIGTERM, and stops only after the time that is set.</summary>
    public static async Task DrainAsync(this WebApplication app)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Lifetime.ApplicationStopping.Register(told.SetResult);
        await told.Task;
        await Task.Delay(TimeSpan.FromSeconds(app.Services.GetRequiredService<ShutdownOptions>().DrainSeconds));
        await app.StopAsync();
    }

    /// <summary>At the last moment: an error's answer begins by clearing all headers.</summary>
    private static Task TellToClose(object context)
    {
        ((HttpContext)context).Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }
}
