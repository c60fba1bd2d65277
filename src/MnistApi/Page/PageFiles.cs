using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace MnistApi.Page;

/// <summary>
/// The page's files, out of the assembly. Their addresses carry one hash over all of them, so that browsers may keep each for ever and the
/// modules find each other by relative names. The framework's own fingerprints would need an import map, which the page's policy forbids.
/// </summary>
internal sealed class PageFiles
{
    private const string Prefix = "wwwroot/";

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public PageFiles()
    {
        var assembly = typeof(PageFiles).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
            _files[name[Prefix.Length..]] = Read(assembly, name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in _files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{bytes.Length}\n"));
            hash.AppendData(bytes);
        }
        Version = Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
        foreach (var name in _files.Keys.Where(name => name.EndsWith(".html", StringComparison.Ordinal)).ToArray())
        {
            var html = Encoding.UTF8.GetString(_files[name]);
            _files[name] = Encoding.UTF8.GetBytes(html.Replace("{version}", Version, StringComparison.Ordinal));
        }
    }

    /// <summary>The hash in the addresses.</summary>
    public string Version { get; }

    public byte[]? Find(string name) => _files.GetValueOrDefault(name);

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
