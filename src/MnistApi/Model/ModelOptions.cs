using MnistApi.Startup;

namespace MnistApi.Model;

/// <summary>Which network is served. Keys Model:Path and so on; as environment variables Model__Path.</summary>
internal sealed class ModelOptions : ISection
{
    public string Path { get; set; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Weights", "mnist-784-50-100-10.safetensors");
    public string Name { get; set; } = "mnist";
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
