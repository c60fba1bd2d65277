using System.IO.Compression;

namespace MnistApi.Cli.Tests;

/// <summary>Writes what torch.save would: the pickle of a state_dict and an archive around it, byte by byte.</summary>
internal static class Torch
{
    /// <summary>A tensor that is a view of a storage.</summary>
    internal sealed record View(string Name, string Key, int Numbers, int Offset, int[] Shape, int[] Strides,
        string Storage = "FloatStorage");

    public static View Whole(string name, string key, params int[] shape) => new(
        name, key, shape.Aggregate(1, (a, b) => a * b), 0, shape, shape.Length == 2 ? [shape[1], 1] : [1]);

    public static byte[] StateDict(params View[] views)
    {
        var pickle = new Pickle(2).Global("collections", "OrderedDict").Add((byte)')', (byte)'R', (byte)'(');
        foreach (var view in views)
        {
            pickle.Text(view.Name).Global("torch._utils", "_rebuild_tensor_v2").Add((byte)'(', (byte)'(');
            pickle.Text("storage").Global("torch", view.Storage).Text(view.Key).Text("cpu").Int(view.Numbers).Add((byte)'t', (byte)'Q');
            pickle.Int(view.Offset).Tuple(view.Shape).Tuple(view.Strides).Add(0x89);
            pickle.Global("collections", "OrderedDict").Add((byte)')', (byte)'R', (byte)'t', (byte)'R');
        }
        return pickle.Add((byte)'u').Done();
    }

    public static byte[] Archive(byte[] pickle, params (string Name, byte[] Bytes)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries.Prepend(("data.pkl", pickle)))
            {
                using var entry = zip.CreateEntry($"w/{name}", CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }
        return file.ToArray();
    }
}
