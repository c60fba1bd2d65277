using System.Net;
using Microsoft.Extensions.Options;

namespace MnistApi.Access;

/// <summary>What the options of access must hold to.</summary>
internal sealed class AccessRules : IValidateOptions<AccessOptions>
{
    private const int MostRequestsPerSecond = 1_000_000;

    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        string[] failures = [.. OfKeys(options), .. OfOrigins(options), .. OfProxies(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    public static IEnumerable<string> OfKeys(AccessOptions options)
    {
        for (var i = 0; i < options.Keys.Count; i++)
        {
            var key = options.Keys[i];
            if (!IsName(key.Name))
                yield return $"{Place($"Keys:{i}:Name")}: expected letters, digits, '.', '_' or '-', 1 to 100 of them";
            // Whatever stands there instead may be the key itself: so it is not repeated.
            if (key.Sha256.Length != 64 || !key.Sha256.All(char.IsAsciiHexDigit))
                yield return $"{Place($"Keys:{i}:Sha256")}: expected the key's SHA-256, 64 hexadecimal digits; 'mnist key' makes a key and its hash";
            if (key.RequestsPerSecond is < 0 or > MostRequestsPerSecond)
                yield return $"{Place($"Keys:{i}:RequestsPerSecond")}: expected a whole number from 0 to {MostRequestsPerSecond}";
        }
    }

    /// <summary>The network that an address or a network in CIDR notation is; null where it is neither.</summary>
    public static IPNetwork? NetworkOf(string text) =>
        IPAddress.TryParse(text, out var address) ? new IPNetwork(address, 8 * address.GetAddressBytes().Length)
        : IPNetwork.TryParse(text, out var network) ? network
        : null;

    private static IEnumerable<string> OfOrigins(AccessOptions options)
    {
        for (var i = 0; i < options.Origins.Count; i++)
        {
            var origin = options.Origins[i];
            if (origin != "*" && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == origin))
                yield return $"{Place($"Origins:{i}")}: expected an origin such as https://example.org, or *, got '{origin}'";
        }
    }

    private static IEnumerable<string> OfProxies(AccessOptions options)
    {
        for (var i = 0; i < options.Proxies.Count; i++)
        {
            if (NetworkOf(options.Proxies[i]) is null)
                yield return $"{Place($"Proxies:{i}")}: expected an address or a network such as 10.0.0.0/8, got '{options.Proxies[i]}'";
        }
    }

    private static string Place(string key) =>
        $"Access:{key} (environment variable Access__{key.Replace(":", "__", StringComparison.Ordinal)})";

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
