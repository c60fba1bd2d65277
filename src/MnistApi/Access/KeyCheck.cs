using Microsoft.AspNetCore.Authorization;
using MnistApi.Problems;

namespace MnistApi.Access;

/// <summary>Lets pass who has a key; endpoints that allow anonymous callers are open to all.</summary>
internal sealed class KeyCheck(RequestDelegate next, ApiKeys keys)
{
    public const string Header = "X-Api-Key";

    private const string Bearer = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return next(context);
        var given = Given(context.Request);
        if (given.IsEmpty)
            throw new RefusedException(Refusal.Unauthenticated, $"expected an API key in the header 'Authorization: Bearer KEY' or '{Header}: KEY', got none");
        var key = keys.Find(given)
            ?? throw new RefusedException(Refusal.Unauthenticated, "the API key is not known, or not any more");
        if (!keys.TryTakeRequest(key))
            throw new RefusedException(Refusal.Busy, $"expected at most {key.RequestsPerSecond} requests a second from '{key.Name}', got more");
        context.Features.Set(key);
        return next(context);
    }

    private static ReadOnlySpan<char> Given(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString().AsSpan();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : request.Headers[Header].ToString();
    }
}
