using System.Collections.Concurrent;
using MnistApi.Inference.Datasets;
using MnistApi.Overload;
using MnistApi.Problems;

namespace MnistApi.Eval;

/// <summary>
/// MNIST's splits, each loaded by the first request that needs it and kept; and the right to evaluate, which one request has at a time.
/// </summary>
internal sealed class EvalSets(DatasetOptions dataset, OverloadOptions overload) : IDisposable
{
    private readonly MnistSource _source = new(dataset.Path, dataset.Download);
    private readonly int _patience = overload.EvaluationSeconds;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<MnistSplit, MnistSet> _sets = [];

    /// <summary>Waits for the right to load and evaluate, not for ever.</summary>
    /// <exception cref="RefusedException">Another request has it and keeps it.</exception>
    public async Task<Turn> TakeTurnAsync(CancellationToken cancellation) =>
        await _turn.WaitAsync(TimeSpan.FromSeconds(_patience), cancellation)
            ? new Turn(this)
            : throw Busy();

    /// <summary>The answer to who has waited long enough.</summary>
    public RefusedException Busy() =>
        new(Refusal.Busy, $"another evaluation was still running after {_patience} seconds; try again later");

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
