using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>Writes a network's arrays under the chapter's names, as .npz or as the pickle that the chapter loads.</summary>
internal static class NumpyWriter
{
    private static readonly DateTimeOffset s_noTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the same network gives the same bytes

    public static byte[] Npz(Network network)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var array in Arrays(network))
            {
                var entry = zip.CreateEntry(array.Name + ".npy", CompressionLevel.NoCompression);
                entry.LastWriteTime = s_noTime;
                using var stream = entry.Open();
                var shape = string.Join(", ", array.Shape) + (array.Shape.Count == 1 ? "," : "");
                var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}".PadRight(117)
                    + "\n"; // 128 bytes with what is before
                stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header),
                    .. FloatFormats.Write(array.Values.Span)]);
            }
        }
        return file.ToArray();
    }

    /// <summary>
    /// Protocol 3: a dictionary of numpy's _reconstruct(ndarray, (0,), b'b') with the state (1, shape, dtype, False, bytes).
    /// </summary>
    public static byte[] Pickle(Network network)
    {
        var pickle = new List<byte> { 0x80, 3, (byte)'}', (byte)'(' };
        foreach (var array in Arrays(network))
        {
            Text(array.Name);
            pickle.AddRange([.. "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK"u8, 0, 0x85, (byte)'C', 1, (byte)'b', 0x87,
                (byte)'R']);
            pickle.AddRange([(byte)'(', (byte)'K', 1, (byte)'(']);
            foreach (var size in array.Shape)
                pickle.AddRange([(byte)'J', .. Length(size)]);
            pickle.AddRange([(byte)'t', .. "cnumpy\ndtype\n"u8]);
            Text("f4");
            pickle.AddRange([0x89, 0x88, 0x87, (byte)'R', (byte)'(', (byte)'K', 3]);
            Text("<");
            pickle.AddRange([.. "NNN"u8, (byte)'J', .. Length(-1), (byte)'J', .. Length(-1), (byte)'K', 0, (byte)'t', (byte)'b', 0x89]);
            var values = FloatFormats.Write(array.Values.Span);
            pickle.AddRange([(byte)'B', .. Length(values.Length), .. values, (byte)'t', (byte)'b']);
        }
        return [.. pickle, (byte)'u', (byte)'.'];

        void Text(string text) => pickle.AddRange([(byte)'X', .. Length(text.Length), .. Encoding.ASCII.GetBytes(text)]);
    }

    private static IReadOnlyList<Tensor> Arrays(Network network) =>
        WeightsFile.ToTensors(network, new Dictionary<string, string>()).Tensors;

    private static byte[] Length(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
