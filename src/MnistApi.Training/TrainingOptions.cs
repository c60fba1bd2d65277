using System.Globalization;

namespace MnistApi.Training;

/// <summary>A network to train and its schedule.</summary>
/// <param name="Hidden">Units of the hidden layers.</param>
/// <param name="Epochs">Passes over the pictures, each time drawn anew.</param>
/// <param name="LearningRate">The optimizers' step size at the start; it falls to 0 along half a cosine.</param>
public sealed record NetworkOptions(IReadOnlyList<int> Hidden, int Epochs, float LearningRate)
{
    /// <summary>All of it in words, the same everywhere.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{string.Join('-', Hidden)} for {Epochs} epochs at {LearningRate}");
}

/// <summary>Everything a training run depends on besides its pictures: equal options
/// give equal weights, bit for bit, on one machine.</summary>
public sealed record TrainingOptions
{
    /// <summary>The network that comes out; the chapter's hidden layers have 50 and 100 units.</summary>
    public NetworkOptions Network { get; init; } = new([50, 100], 500, 0.006f);

    /// <summary>A larger network that is trained first and whose probabilities the other one then learns; no epochs for none.</summary>
    public NetworkOptions Teacher { get; init; } = new([400, 200], 60, 0.004f);

    /// <summary>Pictures a step.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>What all chance is drawn from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The share of the pictures, taken from the end, that is kept out of
    /// training to choose options by; 0 to train on all.</summary>
    public double Holdout { get; init; }

    /// <summary>How strongly pictures are changed at most: 0 not at all, 1 as <see cref="Distortion"/>, <see cref="Camera"/>
    /// and <see cref="Placement"/> say. Each picture draws its own share of the first two.</summary>
    public float Strength { get; init; } = 1;

    /// <summary>Digits in <see cref="Handwriting"/>, for each of MNIST's.</summary>
    public float Handwriting { get; init; } = 0.5f;

    /// <summary>Pictures of no digit, for each of MNIST's.</summary>
    public float NoDigits { get; init; } = 0.02f;

    /// <summary>The share of the pictures that are blended with another one when the teacher's probabilities are learnt.</summary>
    public float Mixing { get; init; } = 0.25f;

    /// <summary>All of it in words, the same everywhere.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Network}, teacher {Teacher}, batch {Batch}, seed {Seed}, holdout {Holdout}, strength {Strength}, "
        + $"handwriting {Handwriting}, no digits {NoDigits}, mixing {Mixing}");
}

/// <summary>Where a run stands after an epoch.</summary>
/// <param name="IsTeacher">Whether it is the teacher that is being trained.</param>
/// <param name="Epoch">Its epochs done, from 1.</param>
/// <param name="Epochs">Its epochs in all.</param>
/// <param name="Loss">Mean cross-entropy over the epoch's pictures, in nats.</param>
/// <param name="HoldoutAccuracy">Accuracy on the pictures kept out, undistorted; NaN where none were.</param>
public readonly record struct EpochReport(bool IsTeacher, int Epoch, int Epochs, double Loss, double HoldoutAccuracy);
