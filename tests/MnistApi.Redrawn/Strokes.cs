using System.Numerics;
using MnistApi.Inference;
using MnistApi.Inference.Datasets;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace MnistApi.Redrawn;

/// <summary>The way a pen went, found in one of MNIST's pictures: short straight pieces in heights of the digit, for any pen.</summary>
internal sealed class Strokes(int label, (Vector2 From, Vector2 To)[] pieces)
{
    private const int Side = 28;
    private const int Enlargement = 6;
    private const int Large = Side * Enlargement;
    private const int Threshold = 110; // of 255, of the sharpened picture: small loops stay open
    private const int LongestSpur = 12; // pixels of the enlarged picture, two of MNIST's: about a pen's width
    private const int Smoothings = 8;

    public int Label => label;

    /// <summary>From 0 to <see cref="Width"/> across, from 0 to 1 down.</summary>
    public (Vector2 From, Vector2 To)[] Pieces => pieces;

    public float Width { get; } = pieces.Max(piece => Math.Max(piece.From.X, piece.To.X));

    /// <summary>So many of each digit, from one of the test images on.</summary>
    public static (int Index, Strokes Strokes)[] Of(MnistSet test, int first, int count) =>
    [
        .. from digit in Enumerable.Range(0, MnistImage.Classes)
           from index in Enumerable.Range(first, test.Count - first).Where(index => test.Labels.Span[index] == digit).Take(count)
           select (index, Of(digit, test.Image(index))),
    ];

    /// <param name="label">Which digit it is.</param>
    /// <param name="pixels">784 bytes, 0 background to 255 ink.</param>
    public static Strokes Of(int label, ReadOnlySpan<byte> pixels)
    {
        var ink = Enlarge(pixels);
        Thin(ink);
        CutSpurs(ink);
        var places = Enumerable.Range(0, ink.Length).Where(i => ink[i]).ToArray();
        var index = places.Select((place, i) => (place, i)).ToDictionary(pair => pair.place, pair => pair.i);
        var neighbours = places.Select(place => Around(place).Where(other => ink[other]).Select(other => index[other]).ToArray()).ToArray();
        var points = places.Select(place => new Vector2(place % Large, place / Large)).ToArray();
        for (var round = 0; round < Smoothings; round++)
            points = [.. points.Select((point, i) => neighbours[i].Length < 2 ? point : (point + Mean(neighbours[i], points)) / 2)];
        var (low, high) = (points.Aggregate(Vector2.Min), points.Aggregate(Vector2.Max));
        var height = Math.Max(1, high.Y - low.Y);
        var pieces = from i in Enumerable.Range(0, points.Length)
                     from other in neighbours[i].Append(i)
                     where other >= i
                     select ((points[i] - low) / height, (points[other] - low) / height);
        return new Strokes(label, [.. pieces]);
    }

    private static Vector2 Mean(int[] of, Vector2[] points) => of.Aggregate(Vector2.Zero, (sum, i) => sum + points[i]) / of.Length;

    private static bool[] Enlarge(ReadOnlySpan<byte> pixels)
    {
        using var image = Image.LoadPixelData<L8>(pixels, Side, Side);
        image.Mutate(change => change.Resize(Large, Large, KnownResamplers.Bicubic));
        using var blurred = image.Clone(change => change.GaussianBlur(Enlargement));
        var ink = new bool[Large * Large];
        for (var y = 1; y < Large - 1; y++)
        {
            for (var x = 1; x < Large - 1; x++)
                ink[y * Large + x] = 2 * image[x, y].PackedValue - blurred[x, y].PackedValue >= Threshold;
        }
        return ink;
    }

    /// <summary>Zhang and Suen (1984): takes off border pixels from two sides in turn until lines one pixel wide are left.</summary>
    private static void Thin(bool[] ink)
    {
        for (var isOdd = false; ; isOdd = !isOdd)
        {
            var free = Enumerable.Range(Large, ink.Length - 2 * Large).Where(i => ink[i] && IsFree(ink, i, isOdd)).ToArray();
            Array.ForEach(free, i => ink[i] = false);
            if (free.Length == 0 && isOdd)
                return;
        }
    }

    private static bool IsFree(bool[] ink, int i, bool isOdd)
    {
        var (count, changes) = (0, 0);
        for (var turn = 0; turn < 8; turn++)
        {
            count += At(turn) ? 1 : 0;
            changes += !At(turn) && At(turn + 1) ? 1 : 0;
        }
        var isKept = isOdd ? At(0) && At(6) && (At(2) || At(4)) : At(2) && At(4) && (At(0) || At(6));
        return count is >= 2 and <= 6 && changes == 1 && !isKept;

        bool At(int turn) => ink[i + s_ring[turn % 8]];
    }

    /// <summary>Takes away the short side branches that thinning leaves where an outline bulges.</summary>
    private static void CutSpurs(bool[] ink)
    {
        foreach (var end in Enumerable.Range(0, ink.Length).Where(i => ink[i] && Around(i).Count(other => ink[other]) == 1).ToArray())
        {
            var way = new List<int> { end };
            int[] next;
            while (way.Count <= LongestSpur && (next = [.. Around(way[^1]).Where(other => ink[other] && !way.Contains(other))]).Length == 1)
                way.Add(next[0]);
            if (way.Count <= LongestSpur && Around(way[^1]).Count(other => ink[other] && !way.Contains(other)) > 1)
                way[..^1].ForEach(i => ink[i] = false);
        }
    }

    private static readonly int[] s_ring = [-Large, -Large + 1, 1, Large + 1, Large, Large - 1, -1, -Large - 1];

    private static IEnumerable<int> Around(int i) => s_ring.Select(offset => i + offset);
}
