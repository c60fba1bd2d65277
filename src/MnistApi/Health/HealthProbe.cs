namespace MnistApi.Health;

/// <summary>The executable as its own health check, because a container without a shell has nothing else to ask with.</summary>
internal static class HealthProbe
{
    public static async Task<int> RunAsync(TextWriter error)
    {
        var address = "";
        try
        {
            address = Address();
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(3) };
            using var response = await client.GetAsync(new Uri(address));
            if (response.IsSuccessStatusCode)
                return 0;
            await error.WriteLineAsync($"{address} answers {(int)response.StatusCode}");
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or FormatException)
        {
            await error.WriteLineAsync($"{address} does not answer: {failure.Message}");
        }
        return 1;
    }

    /// <summary>Where an instance listens that has this process's environment; --urls is seen by the other one alone.</summary>
    private static string Address()
    {
        var urls = Environment.GetEnvironmentVariable("ASPNETCORE_URLS")?.Split(';') ?? [];
        var ports = Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS");
        var url = Array.Find(urls, url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            ?? $"http://+:{(string.IsNullOrEmpty(ports) ? "8080" : ports.Split(';')[0])}";
        var binding = BindingAddress.Parse(url);
        var host = binding.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : binding.Host;
        return string.Create(CultureInfo.InvariantCulture, $"http://{host}:{binding.Port}{HealthEndpoints.ReadyPath}");
    }
}
