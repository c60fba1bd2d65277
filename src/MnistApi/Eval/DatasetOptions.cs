namespace MnistApi.Eval;

/// <summary>Where MNIST is for /eval. Keys Dataset:Path and Dataset:Download; as environment variables Dataset__Path and Dataset__Download.</summary>
public sealed class DatasetOptions
{
    public const string Section = "Dataset";

    /// <summary>The folder with the four IDX files; without it MNIST_DATA, then the user's cache.</summary>
    public string? Path { get; set; }

    /// <summary>Whether missing files may be fetched on first use.</summary>
    public bool Download { get; set; } = true;
}
