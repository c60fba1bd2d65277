namespace MnistApi.Access;

/// <summary>Who may call, and from where. Keys Access:Keys:0:Name and so on; as environment variables Access__Keys__0__Name. Without any key everybody may.</summary>
public sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>The API keys; each change of them is noticed while the service runs.</summary>
    public IList<ApiKeyOptions> Keys { get; } = [];

    /// <summary>A JSON file with the section Access, whose keys are read again when it changes.</summary>
    public string? File { get; set; }

    /// <summary>Origins whose pages may call from a browser, such as https://example.org; * for all.</summary>
    public IList<string> Origins { get; } = [];

    /// <summary>Addresses or networks (10.0.0.0/8) of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.</summary>
    public IList<string> Proxies { get; } = [];
}

/// <summary>One client's key.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>Whose it is, for limits and messages.</summary>
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the key, 64 hexadecimal digits; 'mnist key' makes both.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>Requests a second, 0 for any number; a second's worth may come at once.</summary>
    public int RequestsPerSecond { get; set; }
}
