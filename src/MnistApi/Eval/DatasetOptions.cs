using MnistApi.Startup;

namespace MnistApi.Eval;

/// <summary>
/// Where MNIST is for /eval. Keys Dataset:Path and Dataset:Download; environment variables Dataset__Path and Dataset__Download.
/// </summary>
internal sealed class DatasetOptions : ISection
{
    public const string Section = "Dataset";

    /// <summary>The folder with the four IDX files; without it MNIST_DATA, then the user's cache.</summary>
    public string? Path { get; set; }

    /// <summary>Whether missing files may be fetched on first use.</summary>
    public bool Download { get; set; } = true;

    IEnumerable<string> ISection.Failures()
    {
        if (Path is not null && string.IsNullOrWhiteSpace(Path))
            yield return Settings.Expected("Dataset:Path", "a folder, or leave it out");
    }
}
