using MnistApi.Inference;
using MnistApi.Inference.Datasets;

namespace MnistApi.Redrawn;

/// <summary>Digits of MNIST's test set, as ways of a pen, and pictures of them; the same for the same arguments.</summary>
internal static class RedrawnSet
{
    /// <summary>So many of each digit, from one of the test images on.</summary>
    public static (int Index, Strokes Strokes)[] Digits(MnistSet test, int first, int count) =>
    [
        .. from digit in Enumerable.Range(0, MnistImage.Classes)
           from index in Enumerable.Range(first, test.Count - first).Where(index => test.Labels.Span[index] == digit).Take(count)
           select (index, Strokes.Of(digit, test.Image(index))),
    ];

    /// <summary>Draws one, as a PNG.</summary>
    public static byte[] Draw(string kind, (int Index, Strokes Strokes) digit, int seed) =>
        Kinds.All[kind](new Scene(digit.Strokes, kind.Aggregate(seed * 100_003 + digit.Index, (hash, letter) => unchecked(hash * 31 + letter))));
}
