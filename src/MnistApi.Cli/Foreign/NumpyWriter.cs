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
                var entry = zip.CreateEntry(array.Name + NpzReader.Extension, CompressionLevel.NoCompression);
                entry.LastWriteTime = s_noTime;
                using var stream = entry.Open();
                var shape = string.Join(", ", array.Shape) + (array.Shape.Count == 1 ? "," : "");
                var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}".PadRight(117) + "\n"; // 128 bytes in all
                stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header),
                    .. FloatFormats.Write(array.Values.Span)]);
            }
        }
        return file.ToArray();
    }

    /// <summary>
    /// Protocol 3, in the older opcodes that are lines of text: a dictionary of numpy's _reconstruct(ndarray, (0,), b'b') with the state
    /// (1, shape, dtype, False, bytes).
    /// </summary>
    public static byte[] Pickle(Network network)
    {
        using var pickle = new MemoryStream();
        using var writer = new BinaryWriter(pickle); // little-endian everywhere
        writer.Write([0x80, 3, (byte)'}']);
        foreach (var array in Arrays(network))
        {
            var shape = string.Concat(array.Shape.Select(size => $"I{size}\n"));
            var bytes = FloatFormats.Write(array.Values.Span);
            writer.Write(Encoding.ASCII.GetBytes($"V{array.Name}\ncnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\nt"
                + $"C\u0001btR(I1\n({shape}tcnumpy\ndtype\n(Vf4\nI00\nI01\ntR(I3\nV<\nNNNI-1\nI-1\nI0\ntbI00\nB"));
            writer.Write(bytes.Length);
            writer.Write([.. bytes, .. "tbs"u8]);
        }
        writer.Write((byte)'.');
        return pickle.ToArray();
    }

    private static IReadOnlyList<Tensor> Arrays(Network network) =>
        WeightsFile.ToTensors(network, new Dictionary<string, string>()).Tensors;
}
