using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MnistApi.Inference.Weights;

/// <summary>What a file evidently is, told by how it begins. Names of files are not looked at: downloads and copies change them.</summary>
public enum FileKind
{
    /// <summary>None of those below.</summary>
    Unknown,

    /// <summary>No bytes at all.</summary>
    Empty,

    /// <summary>A web page, mostly an error or a login where a download was wanted.</summary>
    Html,

    /// <summary>The few lines that git keeps in place of a large file.</summary>
    LfsPointer,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>Other text, such as "404: Not Found".</summary>
    Text,

    /// <summary>safetensors: the length of a header that begins with a brace.</summary>
    Safetensors,

    /// <summary>A Python pickle.</summary>
    Pickle,

    /// <summary>What torch.save wrote before PyTorch 1.6: several pickles in turn.</summary>
    OldTorch,

    /// <summary>One numpy array.</summary>
    Npy,

    /// <summary>A zip archive: numpy's .npz, PyTorch's .pt, Keras's .keras.</summary>
    Zip,

    /// <summary>Data packed by gzip.</summary>
    Gzip,

    /// <summary>Data packed by zlib, as joblib does.</summary>
    Zlib,

    /// <summary>HDF5: Keras's .h5, or MATLAB's .mat from 7.3 on.</summary>
    Hdf5,

    /// <summary>MATLAB's .mat.</summary>
    Mat,

    /// <summary>R's .rds or .RData.</summary>
    R,

    /// <summary>An ONNX model.</summary>
    Onnx,

    /// <summary>TensorFlow's SavedModel or graph, a .pb.</summary>
    TensorFlow,

    /// <summary>MNIST's own format.</summary>
    Idx,

    /// <summary>A picture.</summary>
    Picture,
}

/// <summary>Tells files apart.</summary>
public static class FileKinds
{
    private const int TextBytes = 64; // that many are looked at

    private static readonly SearchValues<byte> s_text = SearchValues.Create(
        [(byte)'\t', (byte)'\r', (byte)'\n', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (byte)c)]);

    /// <summary>What a file with these bytes is.</summary>
    public static FileKind Of(ReadOnlySpan<byte> file) => file switch
    {
        [] => FileKind.Empty,
        // First, since a header's length may look like any other beginning.
        [_, _, _, _, _, _, 0, 0, (byte)'{', ..] when BinaryPrimitives.ReadUInt64LittleEndian(file) <= (ulong)file.Length =>
            FileKind.Safetensors,
        [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, ..] => FileKind.OldTorch,
        [0x80, <= 9, ..] => FileKind.Pickle,
        [(byte)'}', (byte)'q' or (byte)'p' or (byte)'.' or (byte)'(', ..] => FileKind.Pickle,
        [(byte)'(', (byte)'d' or (byte)'l' or (byte)'t' or (byte)'c', ..] => FileKind.Pickle,
        [(byte)'c', ..] when Begins(file, "ccollections") || Begins(file, "cnumpy") => FileKind.Pickle,
        [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => FileKind.Npy,
        [(byte)'P', (byte)'K', (3 or 5), (4 or 6), ..] => FileKind.Zip,
        [0x1F, 0x8B, ..] => FileKind.Gzip,
        [0x78, 0x01 or 0x5E or 0x9C or 0xDA, ..] => FileKind.Zlib,
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => FileKind.Hdf5,
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [0xFF, 0xD8, 0xFF, ..] => FileKind.Picture,
        [(byte)'X', (byte)'\n', 0, 0, 0, 2 or 3, ..] => FileKind.R,
        [8, 1, 0x12, ..] or [0x0A, < 0x80, 0x0A, < 0x80, ..] => FileKind.TensorFlow,
        [8, < 16, 0x12 or 0x1A or 0x22 or 0x2A or 0x32 or 0x3A or 0x42, ..] => FileKind.Onnx,
        [0, 0, 8, 1 or 3, ..] => FileKind.Idx,
        _ => OfText(file[..Math.Min(file.Length, TextBytes)]),
    };

    /// <summary>The kind in words, to follow "this is".</summary>
    public static string Describe(ReadOnlySpan<byte> file) => Of(file) switch
    {
        FileKind.Empty => "an empty file",
        FileKind.Html => "an HTML page: the download ended at a web page instead of the file",
        FileKind.LfsPointer => "a pointer that git-LFS keeps in place of the file ('git lfs pull' fetches it)",
        FileKind.Json => "JSON",
        FileKind.Text => $"text that begins with '{FirstLine(file)}'",
        FileKind.Safetensors => "a safetensors file",
        FileKind.Pickle => "a Python pickle",
        FileKind.OldTorch => "a PyTorch file of the form before version 1.6",
        FileKind.Npy => "a single numpy array (.npy)",
        FileKind.Zip => "a zip archive (as numpy's .npz, PyTorch's .pt and Keras's .keras are)",
        FileKind.Gzip => "gzip data",
        FileKind.Zlib => "zlib data, as joblib writes with compression",
        FileKind.Hdf5 => "an HDF5 file (as Keras's .h5 is)",
        FileKind.Mat => "a MATLAB file (.mat)",
        FileKind.R => "an R file (.rds or .RData)",
        FileKind.Onnx => "an ONNX model",
        FileKind.TensorFlow => "a TensorFlow graph or SavedModel (.pb)",
        FileKind.Idx => "one of MNIST's data files (IDX)",
        FileKind.Picture => "a picture",
        _ => "a file of an unknown kind",
    };

    private static FileKind OfText(ReadOnlySpan<byte> start)
    {
        if (Begins(start, "MATLAB "))
            return FileKind.Mat;
        if (Begins(start, "RDX") || Begins(start, "RDA"))
            return FileKind.R;
        if (Begins(start, "version https://git-lfs"))
            return FileKind.LfsPointer;
        var text = Begins(start, "\uFEFF") ? start[3..] : start;
        return text.TrimStart(" \t\r\n"u8) switch
        {
            [(byte)'<', ..] => FileKind.Html,
            _ when text.IndexOfAnyExcept(s_text) >= 0 => FileKind.Unknown,
            [(byte)'{' or (byte)'[', ..] => FileKind.Json,
            _ => FileKind.Text,
        };
    }

    private static bool Begins(ReadOnlySpan<byte> file, string text) => file.StartsWith(Encoding.UTF8.GetBytes(text));

    private static string FirstLine(ReadOnlySpan<byte> file)
    {
        var line = Encoding.Latin1.GetString(file[..Math.Min(file.Length, TextBytes)]).Split('\n')[0].Trim();
        return line.Length > 40 ? line[..40] + "..." : line;
    }
}
