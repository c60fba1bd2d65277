using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace MnistApi.Access;

/// <summary>
/// The keys that are valid now. They follow the configuration while the service runs; a change that would leave it open to all, or that cannot be
/// used, is not followed and logged.
/// </summary>
internal sealed class ApiKeys : IDisposable
{
    /// <summary>A longer one is none of ours, and need not be hashed.</summary>
    private const int LongestKey = 200;

    private readonly IConfiguration _configuration;
    private readonly ILogger _logger;
    private readonly PartitionedRateLimiter<ApiKey> _requests = PartitionedRateLimiter.Create<ApiKey, string>(Limit);
    private readonly IDisposable _changes;
    private volatile ApiKey[] _keys;

    public ApiKeys(IConfiguration configuration, ILogger<ApiKeys> logger, IOptions<AccessOptions> options)
    {
        (_configuration, _logger) = (configuration, logger);
        _keys = [.. options.Value.Keys.Select(ApiKey.Of)];
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>Whose key this is, or null; takes the same time for each of ours and for any other.</summary>
    public ApiKey? Find(ReadOnlySpan<char> key)
    {
        if (key.Length > LongestKey)
            return null;
        Span<byte> utf8 = stackalloc byte[3 * LongestKey];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(key, utf8)], hash);
        ApiKey? found = null;
        foreach (var candidate in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(candidate.Hash, hash))
                found = candidate;
        }
        return found;
    }

    /// <summary>Whether the key has a request left in this second; takes it.</summary>
    public bool TryTakeRequest(ApiKey key) => key.RequestsPerSecond == 0 || _requests.AttemptAcquire(key).IsAcquired;

    public void Dispose()
    {
        _changes.Dispose();
        _requests.Dispose();
    }

    private static RateLimitPartition<string> Limit(ApiKey key) =>
        RateLimitPartition.GetTokenBucketLimiter($"{key.Name} {key.RequestsPerSecond}", _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = key.RequestsPerSecond,
            TokensPerPeriod = key.RequestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        });

    private void Reload()
    {
        var options = new AccessOptions();
        string? complaint;
        try
        {
            _configuration.GetSection(AccessOptions.Section).Bind(options);
            complaint = options.Keys.Count == 0 ? "there would be none" : string.Join("; ", AccessRules.OfKeys(options));
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
        ApiKey[] keys = [.. options.Keys.Select(ApiKey.Of)];
        if (keys.Length == _keys.Length && keys.Zip(_keys).All(pair => pair.First.IsSameAs(pair.Second)))
            return; // something else changed
        _keys = keys;
        _logger.LogInformation("The API keys are now those of {Names}", string.Join(", ", keys.Select(key => key.Name)));
    }
}
