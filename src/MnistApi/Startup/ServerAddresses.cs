using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MnistApi.Startup;

internal static partial class ServerAddresses
{
    /// <summary>Listens on localhost:8080 unless an address was given in any of ASP.NET Core's own ways.</summary>
    public static void AddServerAddresses(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        string[] keys = [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];
        if (keys.All(key => string.IsNullOrEmpty(configuration[key])) && !configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls("http://localhost:8080");
        builder.WebHost.UseKestrelHttpsConfiguration(); // which the slim builder leaves out
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
    }

    /// <summary>
    /// Listens on one more port, for HTTP/2 alone: without TLS a connection cannot say which of the two it wants. Where the first address
    /// is for this machine only, the port is too. The addresses given otherwise stay: an endpoint added in code would take their place.
    /// </summary>
    public static void AddHttp2Port(this WebApplicationBuilder builder, int port)
    {
        var configuration = builder.Configuration;
        if (configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            configuration["Kestrel:Endpoints:Http2:Url"] = $"http://*:{port}";
            configuration["Kestrel:Endpoints:Http2:Protocols"] = nameof(HttpProtocols.Http2);
            return;
        }
        var addresses = Addresses(configuration);
        // The ports are among the addresses now.
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, "").UseSetting(WebHostDefaults.HttpsPortsKey, "");
        builder.WebHost.UseUrls([.. addresses, $"http://{HostOf(addresses[0])}:{port}"]);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            if (endpoint.IPEndPoint?.Port == port)
                endpoint.Protocols = HttpProtocols.Http2;
        }));
    }

    private static string[] Addresses(ConfigurationManager configuration)
    {
        if (Split(WebHostDefaults.ServerUrlsKey) is { Length: > 0 } urls)
            return urls;
        var http = Split(WebHostDefaults.HttpPortsKey).Select(port => $"http://*:{port}");
        return [.. http, .. Split(WebHostDefaults.HttpsPortsKey).Select(port => $"https://*:{port}")];

        string[] Split(string key) =>
            configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
    }

    /// <summary>The host of an address; localhost beside a socket's path, and where the server itself will refuse the address.</summary>
    private static string HostOf(string address) => Host().Match(address) is { Success: true } match ? match.Groups[1].Value : "localhost";

    [GeneratedRegex(@"^https?://(\[.+\]|[^/:[]+)(:\d+)?/?$", RegexOptions.IgnoreCase)]
    private static partial Regex Host();

    /// <summary>Starts the application.</summary>
    /// <exception cref="StartupException">It cannot listen where it is told to.</exception>
    public static async Task ListenAsync(this WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new StartupException($"{StartupException.Sentence(failure)} The addresses to listen on are set with --urls, "
                + "ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS, the port of gRPC with Grpc__Port.", failure);
        }
    }
}
