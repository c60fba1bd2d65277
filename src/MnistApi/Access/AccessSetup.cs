using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Extensions.Options;
using MnistApi.Startup;

namespace MnistApi.Access;

/// <summary>API keys, origins and proxies: each is part of the pipeline only where it is configured.</summary>
internal static class AccessSetup
{
    public static void AddAccess(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[$"{AccessOptions.Section}:{nameof(AccessOptions.File)}"] is { Length: > 0 } file)
            AddFile(builder.Configuration, Path.GetFullPath(file));
        builder.Services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AccessOptions>, AccessRules>();
        builder.Services.AddSingleton<ApiKeys>();
        if (builder.Configuration.GetSection($"{AccessOptions.Section}:{nameof(AccessOptions.Origins)}").GetChildren().Any())
            builder.Services.AddCors();
    }

    /// <summary>Whether callers need a key.</summary>
    public static bool HasKeys(IConfiguration configuration) => configuration.GetSection($"{AccessOptions.Section}:{nameof(AccessOptions.Keys)}").GetChildren().Any();

    public static void UseAccess(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<AccessOptions>>().Value;
        if (options.Origins.Count > 0)
        {
            string[] origins = [.. options.Origins];
            app.UseCors(policy => policy.WithOrigins(origins).AllowAnyHeader().WithMethods("GET", "POST").WithExposedHeaders("Retry-After"));
        }
        if (options.Keys.Count > 0)
            app.UseMiddleware<KeyCheck>();
    }

    /// <summary>Before everything else: takes a request's client and scheme from the proxy that is known to tell the truth.</summary>
    public static void UseProxies(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<IOptions<AccessOptions>>().Value.Proxies;
        if (proxies.Count == 0)
            return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
            options.KnownIPNetworks.Add(AccessRules.NetworkOf(proxy)!.Value);
        app.UseForwardedHeaders(options);
    }

    private static void AddFile(ConfigurationManager configuration, string path)
    {
        if (!File.Exists(path))
            throw new StartupException($"Access:File (environment variable Access__File): there is no file {path}");
        // Polled, because mounted secrets are replaced in ways that the system tells nobody about.
        var folder = new PhysicalFileProvider(Path.GetDirectoryName(path)!, ExclusionFilters.None) { UsePollingFileWatcher = true, UseActivePolling = true };
        var isRead = false;
        configuration.AddJsonFile(source =>
        {
            source.FileProvider = folder;
            source.Path = Path.GetFileName(path);
            source.ReloadOnChange = true;
            source.OnLoadException = failure => failure.Ignore = isRead; // then there are no keys in it, which ApiKeys does not follow
        });
        isRead = true;
    }
}
