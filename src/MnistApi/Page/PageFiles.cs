using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace MnistApi.Page;

/// <summary>
/// The page's files, out of the assembly. Their addresses carry one hash over all of them, so browsers may keep each for ever, and the
/// modules find each other by relative names. Read when first asked for, and each compressed when it is.
/// </summary>
internal sealed class PageFiles
{
    private const string Prefix = "wwwroot/";
    private const string VersionPlaceholder = "{version}";
    private const int VersionLength = 12;

    private static readonly Dictionary<string, string> s_contentTypes = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private readonly Dictionary<string, PageFile> _files = [];

    public PageFiles()
    {
        var assembly = typeof(PageFiles).Assembly;
        var contents = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (Name: name[Prefix.Length..], Bytes: Read(assembly, name)))
            .ToArray();
        Version = HashOf(contents);
        foreach (var (name, bytes) in contents)
        {
            var type = s_contentTypes[Path.GetExtension(name)];
            _files[name] = new PageFile(type, name.EndsWith(".html", StringComparison.Ordinal) ? WithVersion(bytes) : bytes);
        }
    }

    /// <summary>The hash in the addresses.</summary>
    public string Version { get; }

    public PageFile? Find(string name) => _files.GetValueOrDefault(name);

    private byte[] WithVersion(byte[] html) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(html).Replace(VersionPlaceholder, Version, StringComparison.Ordinal));

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string HashOf((string Name, byte[] Bytes)[] contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in contents)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{bytes.Length}\n"));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..VersionLength];
    }
}

/// <summary>One file, as it is and compressed.</summary>
internal sealed class PageFile(string contentType, byte[] bytes)
{
    private readonly Lazy<byte[]> _brotli = new(() => Compress(bytes, output => new BrotliStream(output, CompressionLevel.SmallestSize)));
    private readonly Lazy<byte[]> _gzip = new(() => Compress(bytes, output => new GZipStream(output, CompressionLevel.SmallestSize)));

    public string ContentType => contentType;

    /// <summary>The bytes in the best encoding that a client accepts, and its name; null for none.</summary>
    public (byte[] Bytes, string? Encoding) For(string acceptEncoding)
    {
        if (acceptEncoding.Contains("br", StringComparison.OrdinalIgnoreCase))
            return (_brotli.Value, "br");
        return acceptEncoding.Contains("gzip", StringComparison.OrdinalIgnoreCase) ? (_gzip.Value, "gzip") : (bytes, null);
    }

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> compressor)
    {
        using var output = new MemoryStream();
        using (var stream = compressor(output))
            stream.Write(bytes);
        return output.ToArray();
    }
}
