using System.Net;
using MnistApi.Startup;

namespace MnistApi.Access;

/// <summary>Who may call, and from where. Keys Access:Keys:0:Name and so on; without any API key everybody may.</summary>
internal sealed class AccessOptions : ISection
{
    public IList<ApiKeyOptions> Keys { get; } = [];
    public string? File { get; set; } // a JSON file with this section, whose keys are read again when it changes
    public IList<string> Origins { get; } = [];
    public IList<string> Proxies { get; } = []; // addresses or networks

    public IEnumerable<string?> Failures() =>
    [
        .. KeyFailures(),
        .. Origins.Select((origin, i) => Settings.Check(
            IsOrigin(origin), $"Access:Origins:{i}", $"an origin such as https://example.org, or *, got '{origin}'")),
        .. Proxies.Select((proxy, i) => Settings.Check(
            NetworkOf(proxy) is not null, $"Access:Proxies:{i}", $"an address or a network such as 10.0.0.0/8, got '{proxy}'")),
    ];

    public IEnumerable<string?> KeyFailures() => Keys.SelectMany((key, i) => new[]
    {
        ModelOptions.CheckName(key.Name, $"Access:Keys:{i}:Name"),
        // Whatever stands there instead may be the key itself: so it is not repeated.
        Settings.Check(key.Sha256.Length == 64 && key.Sha256.All(char.IsAsciiHexDigit), $"Access:Keys:{i}:Sha256",
            "the key's SHA-256, 64 hexadecimal digits; 'mnist key' makes a key and its hash"),
        Settings.Range(key.RequestsPerSecond, $"Access:Keys:{i}:RequestsPerSecond", 0, 1_000_000),
    });

    /// <summary>The network that an address or a network in CIDR notation is; null where it is neither.</summary>
    public static IPNetwork? NetworkOf(string text) =>
        IPAddress.TryParse(text, out var address) ? new IPNetwork(address, 8 * address.GetAddressBytes().Length)
        : IPNetwork.TryParse(text, out var network) ? network
        : null;

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
