using System.Threading.RateLimiting;

namespace MnistApi.Overload;

/// <summary>
/// Admits long work (<see cref="ShortWork"/> says what that is): so many requests at once, so many waiting, and the next one is refused at
/// once. Short requests do not pass here. They are answered on the thread that received them, so there are never more of them than threads.
/// </summary>
internal sealed class Admission : IDisposable
{
    private readonly OverloadOptions _options;
    private readonly ConcurrencyLimiter _turns;
    private readonly PartitionedRateLimiter<HttpContext>? _quotas;
    private int _inside; // under way or waiting

    public Admission(OverloadOptions options, long heldBytes)
    {
        _options = options;
        Bodies = new BodyBudget(heldBytes);
        _turns = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.Concurrency,
            QueueLimit = options.Queue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        if (options.PerClient == 0)
            return;
        var quota = new ConcurrencyLimiterOptions { PermitLimit = options.PerClient, QueueLimit = 0 };
        // A client is its key's owner, or else the address that it came from.
        _quotas = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetConcurrencyLimiter(
            context.User.Identity?.Name ?? context.Connection.RemoteIpAddress?.ToString() ?? "", _ => quota));
    }

    /// <summary>What large bodies count against from their first bytes on, before it is known whether they are long work.</summary>
    public BodyBudget Bodies { get; }

    public long Running => Math.Min(Volatile.Read(ref _inside), _options.Concurrency);

    public long Waiting => Math.Max(0, Volatile.Read(ref _inside) - _options.Concurrency);

    /// <summary>Whether long work would be refused now.</summary>
    public bool IsFull => Volatile.Read(ref _inside) >= _options.Concurrency + _options.Queue;

    /// <summary>Waits for the request's turn, which ends when it is disposed of.</summary>
    /// <exception cref="RefusedException">Too many are waiting, or too many of this client's are.</exception>
    public async ValueTask<IDisposable> AdmitAsync(HttpContext context)
    {
        var quota = _quotas?.AttemptAcquire(context);
        if (quota is { IsAcquired: false })
            throw OverQuota();
        Interlocked.Increment(ref _inside);
        RateLimitLease? lease = null;
        try
        {
            lease = await _turns.AcquireAsync(1, context.RequestAborted);
            if (!lease.IsAcquired)
                throw Overloaded();
            return new Turn(this, lease, quota);
        }
        catch
        {
            End(lease, quota);
            throw;
        }
    }

    public RefusedException OverQuota() => new(Refusal.Busy,
        $"expected at most {Math.Max(1, _options.PerClient)} requests with long work from one client at a time, got more");

    public RefusedException Overloaded() => new(Refusal.Overloaded, $"the service has all the work it takes on at once "
        + $"({_options.Concurrency} requests under way, {_options.Queue} waiting); try again later");

    public void Dispose()
    {
        _turns.Dispose();
        _quotas?.Dispose();
    }

    private void End(RateLimitLease? lease, RateLimitLease? quota)
    {
        Interlocked.Decrement(ref _inside);
        lease?.Dispose();
        quota?.Dispose();
    }

    private sealed class Turn(Admission admission, RateLimitLease lease, RateLimitLease? quota) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                admission.End(lease, quota);
        }
    }
}
