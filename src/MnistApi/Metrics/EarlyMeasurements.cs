using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MnistApi.Metrics;

/// <summary>
/// Keeps what is measured until OpenTelemetry is there to count it, and then measures it once more: OpenTelemetry takes some forty
/// milliseconds to set up, which the start of the process need not wait for.
/// </summary>
internal sealed class EarlyMeasurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Action> _kept = new();
    private readonly int _most;
    private readonly Action _enough;
    private int _count;

    /// <param name="isWanted">Which instruments to listen to.</param>
    /// <param name="most">How many measurements are enough to wait no longer.</param>
    /// <param name="enough">Called when there are so many.</param>
    public EarlyMeasurements(Func<Instrument, bool> isWanted, int most, Action enough)
    {
        (_most, _enough) = (most, enough);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!instrument.IsObservable && isWanted(instrument))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(Keep);
        _listener.SetMeasurementEventCallback<int>(Keep);
        _listener.SetMeasurementEventCallback<double>(Keep);
        _listener.Start();
    }

    /// <summary>From now on somebody else listens to this instrument.</summary>
    public void LeaveTo(Instrument instrument) => _listener.DisableMeasurementEvents(instrument);

    /// <summary>Measures once more what was kept, for who listens now.</summary>
    public void Replay()
    {
        while (_kept.TryDequeue(out var measure))
            measure();
    }

    public void Dispose() => _listener.Dispose();

    private void Keep<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        where T : struct
    {
        var own = tags.ToArray();
        _kept.Enqueue(instrument switch
        {
            Counter<T> counter => () => counter.Add(value, own),
            UpDownCounter<T> counter => () => counter.Add(value, own),
            Histogram<T> histogram => () => histogram.Record(value, own),
            Gauge<T> gauge => () => gauge.Record(value, own),
            _ => throw new InvalidOperationException($"{instrument.Name} is of no kind that can be measured once more"),
        });
        if (Interlocked.Increment(ref _count) == _most)
            _enough();
    }
}
