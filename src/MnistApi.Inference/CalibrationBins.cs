namespace MnistApi.Inference;

/// <summary>
/// Answers gathered by how sure they were, in bins of equal width: where a network says 0.9, it should be right nine times of ten
/// (Naeini et al. 2015, Guo et al. 2017).
/// </summary>
public sealed class CalibrationBins
{
    /// <summary>Bins between 0 and 1, 15.</summary>
    public const int Count = 15;

    private readonly double[] _sure = new double[Count];
    private readonly int[] _right = new int[Count];
    private readonly int[] _total = new int[Count];

    /// <summary>Counts one answer.</summary>
    /// <param name="probability">The probability of the digit answered, 0 to 1.</param>
    /// <param name="isRight">Whether it was the digit.</param>
    public void Add(float probability, bool isRight)
    {
        var bin = Math.Clamp((int)Math.Ceiling(probability * Count) - 1, 0, Count - 1);
        _sure[bin] += probability;
        _total[bin]++;
        if (isRight)
            _right[bin]++;
    }

    /// <summary>The expected calibration error: the distance between mean probability and share of
    /// right answers in each bin, weighted by its answers; 0 of none.</summary>
    public double ExpectedError()
    {
        double distance = 0, total = 0;
        for (var bin = 0; bin < Count; bin++)
        {
            distance += Math.Abs(_sure[bin] - _right[bin]); // the bin's number of answers cancels out
            total += _total[bin];
        }
        return total == 0 ? 0 : distance / total;
    }
}
