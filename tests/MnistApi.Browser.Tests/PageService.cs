using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace MnistApi.Browser.Tests;

/// <summary>The service on a port of its own, for a browser.</summary>
public class PageService : WebApplicationFactory<Program>
{
    private readonly (string Key, string Value)[] _settings;

    public PageService()
        : this([])
    {
    }

    internal PageService(params (string Key, string Value)[] settings)
    {
        _settings = settings;
        UseKestrel(); // with a port here the factory would change the addresses while Program may be listening already
        StartServer();
    }

    public Uri Address => ClientOptions.BaseAddress;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production").UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);
    }
}
