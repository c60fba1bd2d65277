using System.IO.Compression;
using System.IO.Hashing;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>A zip archive in memory: names once each, checksums right, and never more than the budget unpacked.</summary>
internal sealed class ZipFile : IDisposable
{
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly ZipArchive _zip;
    private readonly Budget _budget;

    public ZipFile(ReadOnlyMemory<byte> file, Budget budget)
    {
        _budget = budget;
        try
        {
            _zip = new ZipArchive(new MemoryStream(file.ToArray()), ZipArchiveMode.Read);
            foreach (var entry in _zip.Entries)
            {
                if (!_entries.TryAdd(entry.FullName, entry))
                    throw new WeightsFormatException($"the name '{entry.FullName}' stands twice in the zip file");
            }
        }
        catch (InvalidDataException error)
        {
            throw new WeightsFormatException($"the zip file is damaged: {error.Message}", error);
        }
    }

    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>The bytes of an entry, or null where there is none.</summary>
    public ReadOnlyMemory<byte>? Read(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            return null;
        try
        {
            using var stream = entry.Open();
            var bytes = _budget.ReadAll(stream);
            return Crc32.HashToUInt32(bytes.Span) == entry.Crc32
                ? bytes
                : throw new WeightsFormatException($"'{name}' is damaged: its checksum is wrong");
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new WeightsFormatException($"the zip file is damaged: '{name}': {error.Message}", error);
        }
    }

    public void Dispose() => _zip.Dispose();
}
