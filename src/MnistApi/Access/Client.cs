namespace MnistApi.Access;

/// <summary>Who sent a request: the owner of its key, else the address that it came from.</summary>
internal static class Client
{
    public static string Of(HttpContext context) => context.User.Identity?.Name ?? context.Connection.RemoteIpAddress?.ToString() ?? "";
}
