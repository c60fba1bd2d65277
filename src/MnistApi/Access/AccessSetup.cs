using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using MnistApi.OpenInference;
using MnistApi.Problems;
using MnistApi.Startup;

namespace MnistApi.Access;

/// <summary>API keys, origins and proxies: each is part of the pipeline only where it is configured.</summary>
internal static class AccessSetup
{
    /// <summary>Adds the file that <see cref="AccessOptions.File"/> names to the configuration.</summary>
    public static void AddKeyFile(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[$"{AccessOptions.Section}:{nameof(AccessOptions.File)}"] is not { Length: > 0 } file)
            return;
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
            throw new StartupException($"Access:File (environment variable Access__File): there is no file {path}");
        // Polled, because mounted secrets are replaced in ways that the system tells nobody about.
        var folder = new PhysicalFileProvider(Path.GetDirectoryName(path)!, ExclusionFilters.None)
        {
            UsePollingFileWatcher = true,
            UseActivePolling = true,
        };
        var isRead = false;
        builder.Configuration.AddJsonFile(source =>
        {
            source.FileProvider = folder;
            source.Path = Path.GetFileName(path);
            source.ReloadOnChange = true;
            source.OnLoadException = failure => failure.Ignore = isRead; // then there are no keys in it, which ApiKeys does not follow
        });
        isRead = true;
    }

    public static void AddAccess(this WebApplicationBuilder builder, AccessOptions options)
    {
        if (options.Origins.Count > 0)
            builder.Services.AddCors();
        if (options.Keys.Count == 0)
            return;
        builder.Services.AddSingleton(options).AddSingleton<ApiKeys>();
        builder.Services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, configureOptions: null);
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(QuotaOf);
            limiter.OnRejected = (rejected, _) =>
                new ValueTask(ProblemSetup.AnswerAsync(rejected.HttpContext, BeyondQuota(rejected.HttpContext)));
        });
    }

    public static void UseAccess(this WebApplication app, AccessOptions options)
    {
        if (options.Origins.Count > 0)
        {
            string[] origins = [.. options.Origins];
            app.UseCors(policy =>
                policy.WithOrigins(origins).AllowAnyHeader().WithMethods("GET", "HEAD", "POST")
                    .WithExposedHeaders("Retry-After", InferBodyReader.JsonLengthHeader));
        }
        if (options.Keys.Count == 0)
            return;
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
    }

    /// <summary>First of all: takes a request's client, scheme and path prefix from the proxy that is known to tell the truth.</summary>
    public static void UseProxies(this WebApplication app, AccessOptions access)
    {
        if (access.Proxies.Count == 0)
            return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedPrefix,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in access.Proxies)
            options.KnownIPNetworks.Add(AccessOptions.NetworkOf(proxy)!.Value);
        app.UseForwardedHeaders(options);
    }

    /// <summary>A key's requests a second; where anybody may ask, nobody has a quota.</summary>
    private static RateLimitPartition<string> QuotaOf(HttpContext context)
    {
        var rate = RateOf(context);
        if (rate == 0 || context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return RateLimitPartition.GetNoLimiter("");
        return RateLimitPartition.GetTokenBucketLimiter($"{context.User.Identity!.Name} {rate}", _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = rate,
            TokensPerPeriod = rate,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        });
    }

    private static int RateOf(HttpContext context) =>
        int.Parse(context.User.FindFirst(ApiKeyHandler.RateClaim)?.Value ?? "0", CultureInfo.InvariantCulture);

    private static RefusedException BeyondQuota(HttpContext context) => new(Refusal.Busy,
        $"expected at most {RateOf(context)} requests a second from '{context.User.Identity!.Name}', got more");
}
