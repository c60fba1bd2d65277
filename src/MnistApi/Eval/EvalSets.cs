using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using MnistApi.Inference.Datasets;

namespace MnistApi.Eval;

/// <summary>MNIST's splits, each loaded by the first request that needs it and kept; and the right to evaluate, which one request has at a time.</summary>
internal sealed class EvalSets(IOptions<DatasetOptions> options) : IDisposable
{
    private readonly MnistSource _source = new(options.Value.Path, options.Value.Download);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<MnistSplit, MnistSet> _sets = [];

    /// <summary>Waits for its turn, at most <paramref name="patience"/>; null where it did not come.</summary>
    public async Task<Turn?> TakeTurnAsync(TimeSpan patience, CancellationToken cancellation) =>
        await _turn.WaitAsync(patience, cancellation) ? new Turn(this) : null;

    /// <summary>A split that was loaded before: reading it needs no turn.</summary>
    public MnistSet? Loaded(MnistSplit split) => _sets.GetValueOrDefault(split);

    public void Dispose() => _turn.Dispose();

    /// <summary>The right to load and evaluate, until disposed of.</summary>
    internal sealed class Turn(EvalSets sets) : IDisposable
    {
        /// <exception cref="DatasetUnavailableException">The data is nowhere and cannot be fetched.</exception>
        public async Task<MnistSet> LoadAsync(MnistSplit split, CancellationToken cancellation)
        {
            if (!sets._sets.TryGetValue(split, out var set))
                sets._sets[split] = set = await sets._source.LoadAsync(split, cancellation: cancellation);
            return set;
        }

        public void Dispose() => sets._turn.Release();
    }
}
