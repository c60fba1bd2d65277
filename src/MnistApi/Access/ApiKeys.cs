using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using MnistApi.Startup;

namespace MnistApi.Access;

/// <summary>The keys that are valid now: they follow the configuration, but never so that the service would be open to all.</summary>
internal sealed class ApiKeys : IDisposable
{
    /// <summary>A longer one is none of ours, and need not be hashed.</summary>
    private const int MaxKey = 200;

    private readonly IConfiguration _configuration;
    private readonly ILogger _logger;
    private readonly IDisposable _changes;
    private volatile (ApiKeyOptions Options, byte[] Hash)[] _keys;

    public ApiKeys(IConfiguration configuration, ILogger<ApiKeys> logger, AccessOptions options)
    {
        (_configuration, _logger) = (configuration, logger);
        _keys = WithHashes(options);
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>Whose key this is, or null; takes the same time for each of ours and for any other.</summary>
    public ApiKeyOptions? Find(ReadOnlySpan<char> key)
    {
        if (key.Length > MaxKey)
            return null;
        Span<byte> utf8 = stackalloc byte[3 * MaxKey];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(key, utf8)], hash);
        ApiKeyOptions? found = null;
        foreach (var candidate in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(candidate.Hash, hash))
                found = candidate.Options;
        }
        return found;
    }

    public void Dispose() => _changes.Dispose();

    private static (ApiKeyOptions Options, byte[] Hash)[] WithHashes(AccessOptions options) =>
        [.. options.Keys.Select(key => (key, Convert.FromHexString(key.Sha256)))];

    private void Reload()
    {
        var options = new AccessOptions();
        string complaint;
        try
        {
            _configuration.GetSection(nameof(Settings.Access)).Bind(options);
            complaint = options.Keys.Count == 0 ? "there would be none" : string.Join("; ", options.KeyFailures().OfType<string>());
        }
        catch (InvalidOperationException error)
        {
            complaint = error.Message;
        }
        if (complaint.Length > 0)
        {
            _logger.LogError("The changed API keys are not taken over, those before stay valid: {Reason}", complaint);
            return;
        }
        if (options.Keys.SequenceEqual(_keys.Select(key => key.Options)))
            return; // something else changed
        _keys = WithHashes(options);
        _logger.LogInformation("The API keys are now those of {Names}", string.Join(", ", options.Keys.Select(key => key.Name)));
    }
}
