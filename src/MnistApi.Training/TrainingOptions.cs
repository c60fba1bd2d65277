namespace MnistApi.Training;

/// <summary>Everything a training run depends on besides its pictures: equal options give equal weights, bit for bit, on one machine.</summary>
public sealed record TrainingOptions
{
    /// <summary>Units of the hidden layers; the chapter's are 50 and 100.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [50, 100];

    /// <summary>Passes over the training pictures, each time distorted anew.</summary>
    public int Epochs { get; init; } = 300;

    /// <summary>Pictures a step of Adam.</summary>
    public int Batch { get; init; } = 100;

    /// <summary>Adam's step size at the start; it falls to 0 along half a cosine.</summary>
    public float LearningRate { get; init; } = 0.003f;

    /// <summary>What all chance is drawn from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The share of the pictures, taken from the end, that is kept out of training to choose options by; 0 to train on all.</summary>
    public double Holdout { get; init; }

    /// <summary>How strongly pictures are distorted: 0 not at all, 1 as <see cref="Distortion"/> says.</summary>
    public float Strength { get; init; } = 0.65f;
}

/// <summary>Where a run stands after an epoch.</summary>
/// <param name="Epoch">Epochs done, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Loss">Mean cross-entropy over the epoch's distorted pictures, in nats.</param>
/// <param name="HoldoutAccuracy">Accuracy on the pictures kept out, undistorted; NaN where none were.</param>
public readonly record struct EpochReport(int Epoch, int Epochs, double Loss, double HoldoutAccuracy);
