using System.Net;
using MnistApi.Model;
using MnistApi.Startup;

namespace MnistApi.Access;

/// <summary>Who may call, and from where. Keys Access:Keys:0:Name and so on; without any API key everybody may.</summary>
internal sealed class AccessOptions : ISection
{
    public const string Section = "Access";

    public IList<ApiKeyOptions> Keys { get; } = [];
    public string? File { get; set; } // a JSON file with this section, whose keys are read again when it changes
    public IList<string> Origins { get; } = [];
    public IList<string> Proxies { get; } = []; // addresses or networks

    IEnumerable<string> ISection.Failures() => [.. KeyFailures(), .. OriginFailures(), .. ProxyFailures()];

    public IEnumerable<string> KeyFailures()
    {
        const int MaxRequestsPerSecond = 1_000_000;
        foreach (var (i, key) in Keys.Index())
        {
            if (!ModelOptions.IsName(key.Name))
                yield return Settings.Expected($"Access:Keys:{i}:Name", "letters, digits, '.', '_' or '-', 1 to 100 of them");
            if (key.Sha256.Length != 64 || !key.Sha256.All(char.IsAsciiHexDigit))
            {
                // Whatever stands there instead may be the key itself: so it is not repeated.
                const string Hash = "the key's SHA-256, 64 hexadecimal digits; 'mnist key' makes a key and its hash";
                yield return Settings.Expected($"Access:Keys:{i}:Sha256", Hash);
            }
            if (key.RequestsPerSecond is < 0 or > MaxRequestsPerSecond)
                yield return Settings.Expected($"Access:Keys:{i}:RequestsPerSecond", 0, MaxRequestsPerSecond);
        }
    }

    /// <summary>The network that an address or a network in CIDR notation is; null where it is neither.</summary>
    public static IPNetwork? NetworkOf(string text) =>
        IPAddress.TryParse(text, out var address) ? new IPNetwork(address, 8 * address.GetAddressBytes().Length)
        : IPNetwork.TryParse(text, out var network) ? network
        : null;

    private IEnumerable<string> OriginFailures() => Origins.Index().Where(origin => !IsOrigin(origin.Item)).Select(
        origin => Settings.Expected($"Access:Origins:{origin.Index}", $"an origin such as https://example.org, or *, got '{origin.Item}'"));

    private IEnumerable<string> ProxyFailures() => Proxies.Index().Where(proxy => NetworkOf(proxy.Item) is null).Select(
        proxy => Settings.Expected($"Access:Proxies:{proxy.Index}", $"an address or a network such as 10.0.0.0/8, got '{proxy.Item}'"));

    private static bool IsOrigin(string text) => text == "*"
        || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.GetLeftPart(UriPartial.Authority) == text);
}

internal sealed record ApiKeyOptions
{
    public string Name { get; set; } = ""; // for quotas and messages
    public string Sha256 { get; set; } = ""; // of the key, which itself is nowhere; 'mnist key' makes both
    public int RequestsPerSecond { get; set; } // 0 for any number; a second's worth may come at once
}
