namespace MnistApi.Inference;

/// <summary>Counts of answers by true digit (row) and answered digit (column), and what follows from them.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts = new int[MnistImage.Classes, MnistImage.Classes];

    /// <summary>Pictures of <paramref name="actual"/> that were answered <paramref name="predicted"/>.</summary>
    public int this[int actual, int predicted] => _counts[actual, predicted];

    /// <summary>All pictures.</summary>
    public int Total { get; private set; }

    /// <summary>Pictures answered right.</summary>
    public int Correct { get; private set; }

    /// <summary>Correct / total; 0 of none.</summary>
    public double Accuracy => Ratio(Correct, Total);

    /// <summary>Counts one answer.</summary>
    public void Add(int actual, int predicted)
    {
        _counts[actual, predicted]++;
        Total++;
        if (actual == predicted)
            Correct++;
    }

    /// <summary>Precision, recall, F1 and support of one digit.</summary>
    public ClassScores Scores(int digit)
    {
        int support = 0, answered = 0;
        for (var i = 0; i < MnistImage.Classes; i++)
        {
            support += _counts[digit, i];
            answered += _counts[i, digit];
        }
        var hits = _counts[digit, digit];
        return new ClassScores(digit, Ratio(hits, answered), Ratio(hits, support), Ratio(2 * hits, support + answered), support);
    }

    /// <summary>The counts as an array of rows, one a true digit.</summary>
    public int[][] ToRows() =>
        [.. Enumerable.Range(0, MnistImage.Classes)
            .Select(actual => Enumerable.Range(0, MnistImage.Classes).Select(predicted => _counts[actual, predicted]).ToArray())];

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}

/// <summary>How well one digit is told from the others; a ratio whose divisor is 0 is 0.</summary>
/// <param name="Digit">The digit.</param>
/// <param name="Precision">Of the answers "digit", the share that was right.</param>
/// <param name="Recall">Of the digit's pictures, the share that was recognised.</param>
/// <param name="F1">Harmonic mean of precision and recall.</param>
/// <param name="Support">The digit's pictures.</param>
public readonly record struct ClassScores(int Digit, double Precision, double Recall, double F1, int Support);
