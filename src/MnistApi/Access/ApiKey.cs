namespace MnistApi.Access;

/// <summary>A client that may call.</summary>
/// <param name="Name">Whose key it is.</param>
/// <param name="Sha256">The key's hash in lower-case hexadecimal; the key itself is nowhere.</param>
/// <param name="RequestsPerSecond">0 for any number.</param>
internal sealed record ApiKey(string Name, string Sha256, int RequestsPerSecond)
{
    public byte[] Hash { get; } = Convert.FromHexString(Sha256);

    public static ApiKey Of(ApiKeyOptions options) => new(options.Name, options.Sha256.ToLowerInvariant(), options.RequestsPerSecond);

    public bool IsSameAs(ApiKey other) => (Name, Sha256, RequestsPerSecond) == (other.Name, other.Sha256, other.RequestsPerSecond);
}
