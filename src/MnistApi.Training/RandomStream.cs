namespace MnistApi.Training;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014): 64 bits of state, so that every picture of every epoch can have a
/// stream of its own and the result does not depend on which thread drew first.
/// </summary>
internal struct RandomStream
{
    private ulong _state;

    public RandomStream(params ReadOnlySpan<int> keys)
    {
        foreach (var key in keys)
        {
            _state ^= (uint)key;
            _state = Next();
        }
    }

    /// <summary>Uniform in [0, 1).</summary>
    public float Uniform() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [-limit, limit).</summary>
    public float Within(float limit) => (2 * Uniform() - 1) * limit;

    /// <summary>A whole number in [0, count).</summary>
    public int Below(int count) => (int)(((Next() >> 32) * (ulong)count) >> 32);

    /// <summary>Puts the items in an order drawn by chance (Fisher and Yates).</summary>
    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
