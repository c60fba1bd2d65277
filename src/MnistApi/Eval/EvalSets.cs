using System.Collections.Concurrent;
using MnistApi.Inference.Datasets;
using MnistApi.Overload;

namespace MnistApi.Eval;

/// <summary>
/// MNIST's splits, each loaded by the first request that needs it and kept; and the right to evaluate, which one request has at a time.
/// </summary>
internal sealed class EvalSets(DatasetOptions dataset, OverloadOptions overload) : IDisposable
{
    private readonly MnistSource _source = new(dataset.Path, dataset.Download);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<MnistSplit, MnistSet> _sets = [];

    /// <summary>Waits for the right to load and evaluate, not for ever.</summary>
    /// <exception cref="RefusedException">Another request has it and keeps it.</exception>
    public async Task<Turn> TakeTurnAsync(CancellationToken cancellation) =>
        await _turn.WaitAsync(TimeSpan.FromSeconds(overload.EvaluationSeconds), cancellation)
            ? new Turn(this)
            : throw new RefusedException(Refusal.Busy,
                $"another evaluation was still running after {overload.EvaluationSeconds} seconds; try again later");

    /// <summary>A split that was loaded before: reading it needs no turn.</summary>
    public MnistSet? Loaded(MnistSplit split) => _sets.GetValueOrDefault(split);

    public void Dispose() => _turn.Dispose();

    /// <summary>The right to load and evaluate, until disposed of.</summary>
    internal sealed class Turn(EvalSets sets) : IDisposable
    {
        /// <exception cref="RefusedException">The data is not there, or cannot be read; the message says what to do.</exception>
        public async Task<MnistSet> LoadAsync(MnistSplit split, CancellationToken cancellation)
        {
            if (sets.Loaded(split) is { } loaded)
                return loaded;
            try
            {
                return sets._sets[split] = await sets._source.LoadAsync(split, cancellation: cancellation);
            }
            catch (Exception error) when (
                error is DatasetUnavailableException or IdxFormatException or IOException or UnauthorizedAccessException)
            {
                throw new RefusedException(Refusal.Unavailable,
                    $"{error.Message.TrimEnd('.')}. 'mnist dataset fetch DIR' (in a clone: dotnet run --project src/MnistApi.Cli -- "
                    + "dataset fetch DIR) puts the files into DIR; Dataset:Path (environment variable Dataset__Path) names it.", error);
            }
        }

        public void Dispose() => sets._turn.Release();
    }
}
