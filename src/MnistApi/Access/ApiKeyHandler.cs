using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace MnistApi.Access;

/// <summary>Recognises callers by their API key.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string Header = "X-Api-Key";

    /// <summary>Both headers that a key may come in.</summary>
    public const string Headers = $"Authorization, {Header}";

    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var given = Given();
        if (given.IsEmpty)
            return Task.FromResult(AuthenticateResult.NoResult());
        if (keys.Find(given) is not { } key)
            return Task.FromResult(AuthenticateResult.Fail("the API key is not known, or not any more"));
        Context.Features.Set(key); // for its quota
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, key.Name)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        throw new RefusedException(Refusal.Unauthenticated, result.Failure?.Message
            ?? $"expected an API key in the header 'Authorization: Bearer KEY' or '{Header}: KEY', got none");
    }

    private ReadOnlySpan<char> Given()
    {
        var authorization = Request.Headers.Authorization.ToString().AsSpan();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : Request.Headers[Header].ToString();
    }
}
