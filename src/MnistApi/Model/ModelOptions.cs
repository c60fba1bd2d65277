using MnistApi.Startup;

namespace MnistApi.Model;

/// <summary>Which network is served. Keys Model:Path and so on; as environment variables Model__Path.</summary>
internal sealed class ModelOptions : ISection
{
    public string Path { get; set; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Weights", "mnist-784-50-100-10.safetensors");
    public string Name { get; set; } = "mnist";
    public string Version { get; set; } = "1";

    public IEnumerable<string?> Failures() =>
    [
        Settings.Check(!string.IsNullOrWhiteSpace(Path), "Model:Path", "the path of a .safetensors file"),
        CheckName(Name, "Model:Name"),
        CheckName(Version, "Model:Version"),
    ];

    /// <summary>A name has to stand for itself in an address.</summary>
    public static string? CheckName(string? name, string key) => Settings.Check(
        name is { Length: > 0 and <= 100 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'),
        key, "letters, digits, '.', '_' or '-', 1 to 100 of them");
}
