namespace MnistApi.Inference;

/// <summary>Reading a class off its scores.</summary>
public static class Classes
{
    /// <summary>The index of the largest score, the first of equals: the chapter's argmax.</summary>
    /// <exception cref="ArgumentException">There are no scores.</exception>
    public static int Best(ReadOnlySpan<float> scores)
    {
        if (scores.IsEmpty)
            throw new ArgumentException("expected at least one score", nameof(scores));
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
                best = i;
        }
        return best;
    }
}
