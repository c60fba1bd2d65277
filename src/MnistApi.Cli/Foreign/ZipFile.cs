using System.IO.Compression;
using System.IO.Hashing;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>Unpacks zip archives: names once each, checksums right, and never more than the budget.</summary>
internal static class ZipFile
{
    /// <summary>The entries by name, in the archive's order.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    public static Dictionary<string, ReadOnlyMemory<byte>> Unpack(ReadOnlyMemory<byte> file, Budget budget)
    {
        var entries = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        using var zip = new ZipArchive(new MemoryStream(file.ToArray()));
        foreach (var entry in zip.Entries)
        {
            var bytes = budget.ReadAll(entry.Open());
            if (Crc32.HashToUInt32(bytes.Span) != entry.Crc32)
                throw new WeightsFormatException($"'{entry.FullName}' is damaged: its checksum is wrong");
            if (!entries.TryAdd(entry.FullName, bytes))
                throw new WeightsFormatException($"the name '{entry.FullName}' stands twice in the zip file");
        }
        return entries;
    }
}
