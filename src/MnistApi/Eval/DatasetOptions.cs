using MnistApi.Startup;

namespace MnistApi.Eval;

/// <summary>Where MNIST is for /eval. Keys Dataset:Path and so on; as environment variables Dataset__Path.</summary>
internal sealed class DatasetOptions : ISection
{
    public string? Path { get; set; } // without it MNIST_DATA, then the user's cache
    public bool Download { get; set; } = true;

    public IEnumerable<string?> Failures() =>
        [Settings.Check(Path is null || !string.IsNullOrWhiteSpace(Path), "Dataset:Path", "a folder, or leave it out")];
}
