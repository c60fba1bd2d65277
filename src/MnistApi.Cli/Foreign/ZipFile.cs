using System.IO.Compression;
using System.IO.Hashing;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>Unpacks zip archives: names once each, checksums right, and never more than the budget.</summary>
internal static class ZipFile
{
    /// <summary>The entries by name, in the archive's order.</summary>
    /// <exception cref="WeightsFormatException">The archive is damaged, or unpacks to too much.</exception>
    public static Dictionary<string, ReadOnlyMemory<byte>> Unpack(ReadOnlyMemory<byte> file, Budget budget)
    {
        var entries = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        try
        {
            using var zip = new ZipArchive(new MemoryStream(file.ToArray()));
            foreach (var entry in zip.Entries)
            {
                using var packed = entry.Open();
                var bytes = budget.ReadAll(packed);
                if (Crc32.HashToUInt32(bytes.Span) != entry.Crc32)
                    throw new WeightsFormatException($"'{entry.FullName}' is damaged: its checksum is wrong");
                if (!entries.TryAdd(entry.FullName, bytes))
                    throw new WeightsFormatException($"the name '{entry.FullName}' stands twice in the zip file");
            }
            return entries;
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new WeightsFormatException($"the zip file is damaged: {error.Message}", error);
        }
    }
}
