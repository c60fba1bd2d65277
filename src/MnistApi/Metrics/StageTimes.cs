using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MnistApi.Metrics;

/// <summary>
/// How long each stage of one request takes: a value in its histogram, and an event in the request's span where there is one. Nothing looks
/// at a clock while nobody listens.
/// </summary>
internal struct StageTimes
{
    private long _since; // all are ticks of the stopwatch
    private long _decode;
    private long _preprocess;
    private long _forward;
    private long _serialise;

    /// <summary>A stage begins after something that belongs to none, such as waiting.</summary>
    public void Begin() => _since = Instruments.AreOn ? Stopwatch.GetTimestamp() : 0;

    /// <summary>The body, or a part of it, has become pixels.</summary>
    /// <param name="preprocessing">How much of that time was the treatment of pictures, a stage of its own.</param>
    public void Decoded(TimeSpan preprocessing = default)
    {
        var preprocess = preprocessing.Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond);
        _preprocess += preprocess;
        _decode += Lap() - preprocess;
    }

    /// <summary>The network has classified all images.</summary>
    public void Forwarded() => _forward += Lap();

    /// <summary>The answer is written.</summary>
    public void Serialised() => _serialise += Lap();

    /// <summary>Records every stage of a request that was answered.</summary>
    public readonly void Record()
    {
        if (_since == 0)
            return;
        Record("decode", Instruments.Decode, _decode);
        if (_preprocess > 0)
            Record("preprocess", Instruments.Preprocess, _preprocess);
        Record("forward", Instruments.Forward, _forward);
        Record("serialise", Instruments.Serialise, _serialise);
    }

    private long Lap()
    {
        if (_since == 0)
            return 0;
        var now = Stopwatch.GetTimestamp();
        var elapsed = now - _since;
        _since = now;
        return elapsed;
    }

    private static void Record(string stage, Histogram<double> histogram, long ticks)
    {
        var seconds = (double)ticks / Stopwatch.Frequency;
        histogram.Record(seconds);
        if (Activity.Current is { IsAllDataRequested: true } span)
            span.AddEvent(new ActivityEvent(stage, tags: new ActivityTagsCollection([new("duration", seconds)])));
    }
}
