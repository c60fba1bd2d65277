namespace MnistApi.Health;

/// <summary>
/// The executable as its own health check: <c>MnistApi --health</c> asks the instance on this machine whether it is
/// ready. A container without a shell has nothing else to ask with.
/// </summary>
internal static class HealthProbe
{
    private const string Switch = "--health";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    public static bool IsAskedFor(string[] args) => args is [Switch];

    public static async Task<int> RunAsync(TextWriter error)
    {
        var address = new Uri($"http://127.0.0.1:{Port()}{HealthEndpoints.ReadyPath}");
        try
        {
            using var client = new HttpClient { Timeout = s_patience };
            using var response = await client.GetAsync(address);
            if (response.IsSuccessStatusCode)
                return 0;
            await error.WriteLineAsync($"{address} answers {(int)response.StatusCode}");
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            await error.WriteLineAsync($"{address} does not answer: {failure.Message}");
        }
        return 1;
    }

    /// <summary>The first plain port among the addresses that the service itself was given.</summary>
    private static string Port()
    {
        if (Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS") is { Length: > 0 } ports)
            return ports.Split(';')[0];
        var urls = Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? "";
        var first = urls.Split(';').FirstOrDefault(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        return first is null ? "8080" : BindingAddress.Parse(first).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
