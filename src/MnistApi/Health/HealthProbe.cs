using System.Globalization;

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
        var address = "";
        try
        {
            address = Address();
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = s_patience };
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

    /// <summary>
    /// Where an instance listens that was given its address as this process would be: by ASPNETCORE_URLS, else
    /// ASPNETCORE_HTTP_PORTS, else by default. (--urls is seen by the other process alone.)
    /// </summary>
    private static string Address()
    {
        var urls = Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? "";
        if (urls.Split(';').FirstOrDefault(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) is { } first)
        {
            var binding = BindingAddress.Parse(first);
            var isAny = binding.Host is "+" or "*" or "0.0.0.0" or "[::]";
            return string.Create(
                CultureInfo.InvariantCulture, $"http://{(isAny ? "127.0.0.1" : binding.Host)}:{binding.Port}{HealthEndpoints.ReadyPath}");
        }
        var ports = Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS");
        return $"http://127.0.0.1:{(string.IsNullOrEmpty(ports) ? "8080" : ports.Split(';')[0])}{HealthEndpoints.ReadyPath}";
    }
}
