using MnistApi.Inference;
using MnistApi.Inference.Datasets;

namespace MnistApi.Eval;

/// <summary>An image that was answered wrong.</summary>
/// <param name="Index">Where it is in its split; GET /dataset/{split}/{index}.png shows it.</param>
/// <param name="Label">The true digit.</param>
/// <param name="Digit">The answer.</param>
/// <param name="Probabilities">Of the digits 0 to 9.</param>
public sealed record Miss(int Index, int Label, int Digit, IReadOnlyList<float> Probabilities);

internal static class Misses
{
    /// <summary>An answer lists so many at most: the shipped weights miss about a hundred, the book's 648.</summary>
    public const int Max = 1000;

    /// <summary>The first <see cref="Max"/> of them, each run through the network once more for its probabilities.</summary>
    public static List<Miss> Find(Network network, MnistSet set, byte[] answers)
    {
        var misses = new List<Miss>();
        for (var i = 0; i < set.Count && misses.Count < Max; i++)
        {
            var label = set.Labels.Span[i];
            if (answers[i] == label)
                continue;
            var y = new float[network.Outputs];
            network.Forward(set.Image(i), y);
            misses.Add(new Miss(i, label, answers[i], y));
        }
        return misses;
    }
}
