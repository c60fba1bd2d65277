using MnistApi.OpenApi;

namespace MnistApi.Health;

/// <summary>What the health endpoints answer.</summary>
/// <param name="Status">"live" or "ready".</param>
public sealed record HealthResponse(string Status);

internal static class HealthEndpoints
{
    public const string ReadyPath = "/health/ready";

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => new HealthResponse("live"))
            .AllowAnonymous()
            .Documented("live", "Health", "Is the process alive?", "Answers as long as the process does, while it is stopping too.");
        routes.MapGet(ReadyPath, Ready)
            .AllowAnonymous()
            .Documented("ready", "Health", "May requests be sent here?",
                "Ready as soon as the service listens: the weights are loaded before. 503 once it is stopping.")
            .AnswersProblems(503);
    }

    public static RefusedException Stopping() => new(Refusal.Unavailable, "the service is stopping");

    private static HealthResponse Ready(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.IsCancellationRequested
        ? throw Stopping()
        : new HealthResponse("ready");
}
