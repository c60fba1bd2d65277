using MnistApi.Inference;
using MnistApi.Inference.Datasets;

namespace MnistApi.Training;

/// <summary>What a network is shown in an epoch: each of MNIST's digits distorted anew,
/// digits in <see cref="Handwriting"/>, and a few that are none.</summary>
internal sealed class TrainingPictures(MnistSet set, int mnist, TrainingOptions options) : IDisposable
{
    private readonly int _written = (int)(mnist * options.Handwriting);
    private readonly int _none = (int)(mnist * options.NoDigits);
    private readonly ThreadLocal<Desk> _desk = new(() => new Desk());

    /// <summary>Pictures an epoch.</summary>
    public int Count => mnist + _written + _none;

    /// <summary>The order in which an epoch shows them.</summary>
    public int[] Order(int epoch)
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        var random = new RandomStream(options.Seed, epoch);
        random.Shuffle(order);
        return order;
    }

    /// <summary>Draws one of an epoch's pictures; the same for the same arguments, on any thread.</summary>
    /// <param name="index">0 to Count - 1.</param>
    /// <param name="epoch">From 1.</param>
    /// <param name="picture">Receives 784 numbers in 0..1.</param>
    /// <param name="target">Receives ten probabilities: 1 for the digit, or all alike for no digit.</param>
    public void Draw(int index, int epoch, Span<float> picture, Span<float> target)
    {
        var desk = _desk.Value!;
        var random = new RandomStream(options.Seed, epoch, index);
        var strength = options.Strength * random.Uniform();
        Span<float> box = desk.Box;
        target.Clear();
        if (index < mnist)
        {
            desk.Distortion.Apply(set.Image(index), strength, ref random, box);
            target[set.Labels.Span[index]] = 1;
        }
        else if (index < mnist + _written)
        {
            var digit = random.Below(MnistImage.Classes);
            desk.Handwriting.Digit(digit, ref random, box);
            target[digit] = 1;
        }
        else
        {
            desk.Handwriting.NoDigit(ref random, box);
            target.Fill(1f / target.Length);
        }
        desk.Camera.Apply(box, strength, ref random);
        MnistBox.Paste(box, picture);
        desk.Placement.Apply(picture, options.Strength, ref random);
    }

    public void Dispose() => _desk.Dispose();

    /// <summary>What one thread needs to draw.</summary>
    private sealed class Desk
    {
        public float[] Box { get; } = new float[MnistBox.Side * MnistBox.Side];

        public Distortion Distortion { get; } = new();

        public Handwriting Handwriting { get; } = new();

        public Camera Camera { get; } = new();

        public Placement Placement { get; } = new();
    }
}
