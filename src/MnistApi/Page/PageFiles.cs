namespace MnistApi.Page;

/// <summary>
/// The page's files. Their addresses carry the build's identifier, so that browsers may keep each for ever and the modules find each other
/// by relative names. The framework's own fingerprints would need an import map, which the page's policy forbids.
/// </summary>
internal sealed class PageFiles
{
    private const string Prefix = "wwwroot/";

    private readonly Dictionary<string, byte[]> _files = [];

    public PageFiles()
    {
        var assembly = typeof(PageFiles).Assembly;
        Version = assembly.ManifestModule.ModuleVersionId.ToString("N")[..12]; // a hash of all that was compiled, these files too
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var bytes = EmbeddedFile.Read(name);
            _files[name[Prefix.Length..]] = !name.EndsWith(".html", StringComparison.Ordinal) ? bytes
                : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("{version}", Version, StringComparison.Ordinal));
        }
    }

    public string Version { get; } // stands in the addresses

    public byte[]? Find(string name) => _files.GetValueOrDefault(name);
}
