using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MnistApi.Metrics;

/// <summary>
/// How long the stages of one request take: each a value in its histogram, and an event in the request's span where there is one. Nothing
/// looks at a clock while nobody listens.
/// </summary>
internal struct Stages
{
    private long _decoding; // ticks of the stopwatch
    private long _preprocessing;

    /// <summary>A time to give to one of the others later.</summary>
    public static long Now() => Instruments.AreOn ? Stopwatch.GetTimestamp() : 0;

    /// <summary>A body, or a part of it, has become pixels.</summary>
    public void Decoded(long since)
    {
        if (since != 0)
            _decoding += Stopwatch.GetTimestamp() - since;
    }

    /// <summary>So much of the decoding was the treatment of a picture.</summary>
    public void Preprocessed(TimeSpan time)
    {
        var ticks = time.Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond);
        _preprocessing += ticks;
        _decoding -= ticks;
    }

    /// <summary>The network is done; what came before is now known as well.</summary>
    public readonly void Forwarded(long since)
    {
        if (since == 0)
            return;
        var forward = Stopwatch.GetTimestamp() - since;
        Record("decode", Instruments.Decode, _decoding);
        if (_preprocessing > 0)
            Record("preprocess", Instruments.Preprocess, _preprocessing);
        Record("forward", Instruments.Forward, forward);
    }

    /// <summary>The predictions are written.</summary>
    public static void Serialised(long since)
    {
        if (since != 0)
            Record("serialise", Instruments.Serialise, Stopwatch.GetTimestamp() - since);
    }

    private static void Record(string stage, Histogram<double> histogram, long ticks)
    {
        var seconds = (double)ticks / Stopwatch.Frequency;
        histogram.Record(seconds);
        if (Activity.Current is { IsAllDataRequested: true } span)
            span.AddEvent(new ActivityEvent(stage, tags: new ActivityTagsCollection([new("duration", seconds)])));
    }
}
