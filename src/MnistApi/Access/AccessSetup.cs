using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Net.Http.Headers;
using MnistApi.OpenInference;
using MnistApi.Startup;

namespace MnistApi.Access;

/// <summary>API keys, origins and proxies: each is part of the pipeline only where it is configured.</summary>
internal static class AccessSetup
{
    /// <summary>Adds the file that <see cref="AccessOptions.File"/> names to the configuration.</summary>
    public static void AddKeyFile(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["Access:File"] is not { Length: > 0 } file)
            return;
        var path = Path.GetFullPath(file);
        // Polled, because mounted secrets are replaced in ways that the system tells nobody about.
        var folder = new PhysicalFileProvider(Path.GetDirectoryName(path)!, ExclusionFilters.None)
        {
            UsePollingFileWatcher = true,
            UseActivePolling = true,
        };
        var isRead = false;
        try
        {
            File.OpenRead(path).Dispose();
            builder.Configuration.AddJsonFile(source =>
            {
                source.FileProvider = folder;
                source.Path = Path.GetFileName(path);
                source.ReloadOnChange = true;
                source.OnLoadException = failure => failure.Ignore = isRead; // then there are no keys in it, which ApiKeys does not follow
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StartupException($"Access:File (environment variable Access__File): {StartupException.Sentence(error)}", error);
        }
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
            limiter.OnRejected = async (rejected, _) =>
            {
                var key = rejected.HttpContext.Features.Get<ApiKeyOptions>()!;
                await ProblemSetup.AnswerAsync(rejected.HttpContext, new RefusedException(Refusal.Busy,
                    $"expected at most {key.RequestsPerSecond} requests a second from '{key.Name}', got more"));
            };
        });
    }

    public static void UseAccess(this WebApplication app, AccessOptions options)
    {
        if (options.Origins.Count > 0)
        {
            string[] origins = [.. options.Origins];
            // The framework says it only where there are several: what a browser keeps for one origin is not for another.
            app.Use(next => context =>
            {
                var headers = context.Response.Headers;
                context.Response.OnStarting(() =>
                {
                    headers.Vary = new([.. headers.GetCommaSeparatedValues(HeaderNames.Vary).Append(HeaderNames.Origin).Distinct()]);
                    return Task.CompletedTask;
                });
                return next(context);
            });
            app.UseCors(policy =>
                policy.WithOrigins(origins).AllowAnyHeader().WithMethods("GET", "HEAD", "POST")
                    .WithExposedHeaders("Retry-After", InferExchange.JsonLengthHeader));
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

    /// <summary>What browsers are told: take the content type as it is; and, over HTTPS, never come back without.</summary>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use(next => context =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000"; // a year
        return next(context);
    });

    /// <summary>A key's requests a second; where anybody may ask, nobody has a quota.</summary>
    private static RateLimitPartition<string> QuotaOf(HttpContext context)
    {
        if (context.Features.Get<ApiKeyOptions>() is not { RequestsPerSecond: > 0 and var rate } key
            || context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return RateLimitPartition.GetNoLimiter("");
        }
        return RateLimitPartition.GetTokenBucketLimiter($"{key.Name} {rate}", _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = rate,
            TokensPerPeriod = rate,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        });
    }
}
