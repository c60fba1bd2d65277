namespace MnistApi.Model;

/// <summary>Which network is served. Keys Model:Path and so on; as environment variables Model__Path.</summary>
public sealed class ModelOptions
{
    public const string Section = "Model";

    /// <summary>The weights file; by default the one that comes with the service.</summary>
    public string Path { get; set; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Weights", "mnist-784-50-100-10.safetensors");

    /// <summary>The name it is served under.</summary>
    public string Name { get; set; } = "mnist";

    /// <summary>The version that the serving protocols name it with.</summary>
    public string Version { get; set; } = "1";
}
