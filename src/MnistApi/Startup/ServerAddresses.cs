namespace MnistApi.Startup;

internal static class ServerAddresses
{
    private const string Default = "http://localhost:8080";

    /// <summary>Listens on <see cref="Default"/> unless an address was given in any of ASP.NET Core's own ways.</summary>
    public static void AddServerAddresses(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        string[] keys = [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];
        if (keys.All(key => string.IsNullOrEmpty(configuration[key])) && !configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(Default);
        builder.WebHost.UseKestrelHttpsConfiguration(); // which the slim builder leaves out
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
    }

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
            throw new StartupException(
                $"{StartupFailure.Sentence(failure)} The addresses to listen on are set with --urls, ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS.", failure);
        }
    }
}
