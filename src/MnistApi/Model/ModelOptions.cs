using MnistApi.Startup;

namespace MnistApi.Model;

/// <summary>Which network is served. Keys Model:Path and so on; as environment variables Model__Path.</summary>
internal sealed class ModelOptions : ISection
{
    public const string Section = "Model";

    /// <summary>The weights file; by default the one that comes with the service.</summary>
    public string Path { get; set; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Weights", "mnist-784-50-100-10.safetensors");

    /// <summary>The name it is served under.</summary>
    public string Name { get; set; } = "mnist";

    /// <summary>The version that the serving protocols name it with.</summary>
    public string Version { get; set; } = "1";

    IEnumerable<string> ISection.Failures()
    {
        const string ExpectedName = "letters, digits, '.', '_' or '-', 1 to 100 of them";
        if (string.IsNullOrWhiteSpace(Path))
            yield return Settings.Expected("Model:Path", "the path of a .safetensors file");
        if (!IsName(Name))
            yield return Settings.Expected("Model:Name", ExpectedName);
        if (!IsName(Version))
            yield return Settings.Expected("Model:Version", ExpectedName);
    }

    /// <summary>Whether a text can stand for itself in an address.</summary>
    internal static bool IsName(string? name) =>
        name is { Length: > 0 and <= 100 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
