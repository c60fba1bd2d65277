using System.Threading.RateLimiting;
using MnistApi.Access;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.Overload;

/// <summary>
/// Long work takes turns: large pictures, large batches, evaluations. So many at once, so many waiting, the next one is turned away at once. Short
/// requests, a digit or a hundred as pixels, do not pass here: they are answered on the thread that read them, so no more of them are ever under way
/// than there are such threads.
/// </summary>
internal sealed class WorkGate : IDisposable
{
    private readonly OverloadOptions _options;
    private readonly ConcurrencyLimiter _turns;
    private readonly PartitionedRateLimiter<HttpContext>? _shares;
    private int _inside; // under way or waiting

    /// <param name="options">How much at once.</param>
    /// <param name="heldBytes">Bytes of large bodies that are held at once.</param>
    public WorkGate(OverloadOptions options, long heldBytes)
    {
        _options = options;
        Bodies = new BodyBudget(heldBytes);
        _turns = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.Concurrency,
            QueueLimit = options.Queue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        if (options.PerClient > 0)
        {
            _shares = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                RateLimitPartition.GetConcurrencyLimiter(Client.Of(context), _ => new ConcurrencyLimiterOptions { PermitLimit = options.PerClient, QueueLimit = 0 }));
        }
    }

    /// <summary>What large bodies count against from their first bytes on, before it is known whether they are long work.</summary>
    public BodyBudget Bodies { get; }

    /// <summary>Requests that work.</summary>
    public long Running => Math.Min(Volatile.Read(ref _inside), _options.Concurrency);

    /// <summary>Requests that wait for their turn.</summary>
    public long Waiting => Math.Max(0, Volatile.Read(ref _inside) - _options.Concurrency);

    /// <summary>Whether long work would be turned away now.</summary>
    public bool IsFull => Volatile.Read(ref _inside) >= _options.Concurrency + _options.Queue;

    /// <summary>Before the body of a large request is read: whether there would be a turn for it.</summary>
    /// <exception cref="RefusedException">There would be none.</exception>
    public void RefuseWhenFull()
    {
        if (IsFull)
            throw Overloaded();
    }

    /// <summary>Takes a turn for a request that has none yet, which ends with its batch.</summary>
    /// <exception cref="RefusedException">Too many are waiting, or too many of this client's are.</exception>
    public async ValueTask TakeTurnAsync(HttpContext context, PixelBatch batch)
    {
        if (!batch.HasTurn)
            batch.Keep(await TakeTurnAsync(context));
    }

    /// <summary>Waits for a turn. The turn ends when it is disposed of.</summary>
    /// <exception cref="RefusedException">Too many are waiting, or too many of this client's are.</exception>
    public async ValueTask<IDisposable> TakeTurnAsync(HttpContext context)
    {
        var share = _shares?.AttemptAcquire(context);
        if (share is { IsAcquired: false })
            throw new RefusedException(Refusal.Busy, $"expected at most {_options.PerClient} requests with long work from one client at a time, got more");
        Interlocked.Increment(ref _inside);
        RateLimitLease? lease = null;
        try
        {
            lease = await _turns.AcquireAsync(1, context.RequestAborted);
            if (!lease.IsAcquired)
                throw Overloaded();
            return new Turn(this, lease, share);
        }
        catch
        {
            End(lease, share);
            throw;
        }
    }

    /// <summary>What long work is answered that there is no turn for.</summary>
    public RefusedException Overloaded() => new(Refusal.Overloaded,
        $"the service has all the work it takes on at once ({_options.Concurrency} requests under way, {_options.Queue} waiting); try again later");

    public void Dispose()
    {
        _turns.Dispose();
        _shares?.Dispose();
    }

    private void End(RateLimitLease? lease, RateLimitLease? share)
    {
        Interlocked.Decrement(ref _inside);
        lease?.Dispose();
        share?.Dispose();
    }

    private sealed class Turn(WorkGate gate, RateLimitLease lease, RateLimitLease? share) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                gate.End(lease, share);
        }
    }
}
