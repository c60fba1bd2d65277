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
    public const int Max = 1000; // the shipped weights miss about a hundred, the book's 648

    /// <summary>The first <see cref="Max"/> of them, each run through the network once more for its probabilities.</summary>
    public static IReadOnlyList<Miss> Find(Network network, MnistSet set, byte[] answers)
    {
        return [.. Enumerable.Range(0, set.Count).Where(i => answers[i] != set.Labels.Span[i]).Take(Max).Select(MissAt)];

        Miss MissAt(int i)
        {
            var y = new float[network.Outputs];
            network.Forward(set.Image(i), y);
            return new Miss(i, set.Labels.Span[i], answers[i], y);
        }
    }
}
