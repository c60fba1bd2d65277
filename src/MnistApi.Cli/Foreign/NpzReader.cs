using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>Reads .npz files, numpy's zip of .npy arrays.</summary>
internal static partial class NpzReader
{
    private const string Extension = ".npy";

    private static ReadOnlySpan<byte> NpyMagic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <exception cref="WeightsFormatException">An entry is no array, or damaged.</exception>
    public static ForeignArrays Read(ZipFile zip)
    {
        var (arrays, passedOver) = (new List<Tensor>(), new List<string>());
        foreach (var entry in zip.Names)
        {
            var name = entry.EndsWith(Extension, StringComparison.Ordinal) ? entry[..^Extension.Length] : entry;
            try
            {
                if (ReadNpy(zip.Read(entry)!.Value.Span, out var type) is { } array)
                    arrays.Add(array with { Name = name });
                else
                    passedOver.Add($"{name} (numpy's type {type})");
            }
            catch (WeightsFormatException error)
            {
                throw new WeightsFormatException($"'{entry}': {error.Message}", error);
            }
        }
        return new ForeignArrays(arrays, passedOver);
    }

    /// <summary>Null where it holds no floats.</summary>
    private static Tensor? ReadNpy(ReadOnlySpan<byte> npy, out string typeName)
    {
        if (!npy.StartsWith(NpyMagic) || npy.Length < 12)
            throw new WeightsFormatException("expected a .npy array");
        if (npy[6] is < 1 or > 3)
            throw new WeightsFormatException($"expected .npy version 1 to 3, got {npy[6]}");
        var isVersion1 = npy[6] == 1;
        var start = isVersion1 ? 10 : 12;
        var length = isVersion1 ? BinaryPrimitives.ReadUInt16LittleEndian(npy[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(npy[8..]);
        if (length > npy.Length - start)
            throw new WeightsFormatException($"expected a header of {length} bytes, {npy.Length - start} are left");
        var header = Encoding.Latin1.GetString(npy.Slice(start, (int)length));
        var match = Header().Match(header);
        if (!match.Success)
            throw new WeightsFormatException($"expected a header with descr, fortran_order and shape, got {header.Trim()}");
        var type = NumpyType.Parse(match.Groups["descr"].Value);
        typeName = type.Name;
        if (type.Format is not { } format)
            return null;
        var dimensions = match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var shape = new long[dimensions.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            if (!long.TryParse(dimensions[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]))
                throw new WeightsFormatException($"expected a shape of whole numbers, got ({match.Groups["shape"].Value})");
        }
        return TensorDecoder.Decode(shape, format, type.IsBigEndian, match.Groups["fortran"].Value == "True", npy[(start + (int)length)..]);
    }

    [GeneratedRegex(@"^\{'descr': '(?<descr>[^']{1,16})', 'fortran_order': (?<fortran>True|False), "
        + @"'shape': \((?<shape>[0-9, ]*)\),? *\}\s*$")]
    private static partial Regex Header();
}
