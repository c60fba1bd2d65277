using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using System.Text.RegularExpressions;

namespace MnistApi.Cli.Numpy;

/// <summary>Reads .npz files, numpy's zip of .npy arrays.</summary>
public static partial class NpzReader
{
    private static ReadOnlySpan<byte> NpyMagic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The arrays by name, without the .npy.</summary>
    /// <exception cref="NumpyFormatException">The bytes are no .npz of float arrays.</exception>
    public static IReadOnlyDictionary<string, NumpyArray> Read(ReadOnlyMemory<byte> npz)
    {
        var arrays = new Dictionary<string, NumpyArray>(StringComparer.Ordinal);
        try
        {
            using var zip = new ZipArchive(new MemoryStream(npz.ToArray()), ZipArchiveMode.Read);
            var left = NumpyArray.MaxFileBytes;
            foreach (var entry in zip.Entries)
            {
                var name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
                if (!arrays.TryAdd(name, ReadEntry(entry, ref left)))
                    throw new NumpyFormatException($"the name '{name}' stands twice");
            }
        }
        catch (InvalidDataException error)
        {
            throw new NumpyFormatException($"the zip file is damaged: {error.Message}", error);
        }
        return arrays;
    }

    private static NumpyArray ReadEntry(ZipArchiveEntry entry, ref int left)
    {
        using var stream = entry.Open();
        using var buffer = new MemoryStream();
        var chunk = new byte[1 << 16];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            left -= read;
            if (left < 0)
                throw new NumpyFormatException($"expected arrays of at most {NumpyArray.MaxFileBytes} bytes in all, the file unpacks to more");
        }
        if (Crc32.HashToUInt32(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)) != entry.Crc32)
            throw new NumpyFormatException($"'{entry.FullName}' is damaged: its checksum is wrong");
        try
        {
            return ReadNpy(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        }
        catch (NumpyFormatException error)
        {
            throw new NumpyFormatException($"'{entry.FullName}': {error.Message}", error);
        }
    }

    private static NumpyArray ReadNpy(ReadOnlySpan<byte> npy)
    {
        if (!npy.StartsWith(NpyMagic) || npy.Length < 12)
            throw new NumpyFormatException("expected a .npy array");
        var isVersion1 = npy[6] == 1;
        if (npy[6] is < 1 or > 3)
            throw new NumpyFormatException($"expected .npy version 1 to 3, got {npy[6]}");
        var start = isVersion1 ? 10 : 12;
        var length = isVersion1 ? BinaryPrimitives.ReadUInt16LittleEndian(npy[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(npy[8..]);
        if (length > npy.Length - start)
            throw new NumpyFormatException($"expected a header of {length} bytes, {npy.Length - start} are left");
        var header = Encoding.Latin1.GetString(npy.Slice(start, (int)length));
        var match = Header().Match(header);
        if (!match.Success)
            throw new NumpyFormatException($"expected a header with descr, fortran_order and shape, got {header.Trim()}");
        var (type, isBigEndian) = NumpyArray.ParseType(match.Groups["descr"].Value);
        var dimensions = match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var shape = new long[dimensions.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            if (!long.TryParse(dimensions[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]))
                throw new NumpyFormatException($"expected a shape of whole numbers, got ({match.Groups["shape"].Value})");
        }
        return NumpyArray.Decode(shape, type, isBigEndian, match.Groups["fortran"].Value == "True", npy[(start + (int)length)..]);
    }

    [GeneratedRegex(@"^\{'descr': '(?<descr>[^']{1,16})', 'fortran_order': (?<fortran>True|False), 'shape': \((?<shape>[0-9, ]*)\),? *\}\s*$")]
    private static partial Regex Header();
}
