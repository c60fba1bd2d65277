namespace MnistApi.Inference.Datasets;

/// <summary>One of MNIST's four files.</summary>
/// <param name="Name">Its name, without .gz.</param>
/// <param name="Sha256">SHA-256 of its unpacked bytes, lower-case hexadecimal.</param>
/// <param name="Dimensions">3 for images, 1 for labels.</param>
public sealed record MnistFile(string Name, string Sha256, int Dimensions)
{
    /// <summary>The 60,000 training images.</summary>
    public static MnistFile TrainImages { get; } =
        new("train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", 3);

    /// <summary>Their labels.</summary>
    public static MnistFile TrainLabels { get; } =
        new("train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 1);

    /// <summary>The 10,000 test images.</summary>
    public static MnistFile TestImages { get; } =
        new("t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", 3);

    /// <summary>Their labels.</summary>
    public static MnistFile TestLabels { get; } =
        new("t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 1);

    /// <summary>All four.</summary>
    public static IReadOnlyList<MnistFile> All { get; } = [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>The images and the labels of a split.</summary>
    public static (MnistFile Images, MnistFile Labels) Of(MnistSplit split) =>
        split == MnistSplit.Test ? (TestImages, TestLabels) : (TrainImages, TrainLabels);
}
