using System.Buffers.Binary;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>Reads .npz files, numpy's zip of .npy arrays.</summary>
internal static partial class NpzReader
{
    public const string Extension = ".npy";

    public static TensorFile Read(Dictionary<string, ReadOnlyMemory<byte>> entries)
    {
        var (arrays, passedOver) = (new List<Tensor>(), new List<string>());
        foreach (var (entry, npy) in entries)
        {
            var name = entry.EndsWith(Extension, StringComparison.Ordinal) ? entry[..^Extension.Length] : entry;
            var (array, type) = ForeignWeights.At($"'{entry}'", () => ReadNpy(npy.Span));
            if (array is null)
                passedOver.Add($"{name} (numpy's type {type})");
            else
                arrays.Add(array with { Name = name });
        }
        return new TensorFile(arrays, ReadOnlyDictionary<string, string>.Empty) { PassedOver = passedOver };
    }

    /// <summary>Null where it holds no floats.</summary>
    private static (Tensor? Array, string Type) ReadNpy(ReadOnlySpan<byte> npy)
    {
        if (npy is not [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', var version, _, _, _, _, _, ..])
            throw new WeightsFormatException("expected a .npy array");
        if (version is < 1 or > 3)
            throw new WeightsFormatException($"expected .npy version 1 to 3, got {version}");
        var start = version == 1 ? 10 : 12;
        var length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(npy[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(npy[8..]);
        if (length > npy.Length - start)
            throw new WeightsFormatException($"expected a header of {length} bytes, {npy.Length - start} are left");
        var header = Encoding.Latin1.GetString(npy.Slice(start, (int)length));
        var match = Header().Match(header);
        if (!match.Success)
            throw new WeightsFormatException($"expected a header with descr, fortran_order and shape, got {header.Trim()}");
        var type = new NumpyType(match.Groups["descr"].Value);
        // A size that is no number fits no bytes.
        var shape = match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(size => long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToArray();
        return (type.Format is not { } format ? null : TensorDecoder.Decode(
            shape, format, type.IsBigEndian, match.Groups["fortran"].Value == "True", npy[(start + (int)length)..]), type.Name);
    }

    [GeneratedRegex(@"^\{'descr': '(?<descr>[^']{1,16})', 'fortran_order': (?<fortran>True|False), "
        + @"'shape': \((?<shape>[0-9, ]*)\),? *\}\s*$")]
    private static partial Regex Header();
}
