using MnistApi.Cli.Foreign.Pickles;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>
/// Reads what torch.save writes since PyTorch 1.6: a zip of data.pkl, which describes tensors, and of the bytes they are views of.
/// </summary>
internal static class TorchReader
{
    private const string Pickle = "data.pkl";

    /// <summary>The name of the archive's pickle, or null where it is not torch's.</summary>
    public static string? FindPickle(ZipFile zip) =>
        zip.Names.FirstOrDefault(name => name == Pickle || name.EndsWith("/" + Pickle, StringComparison.Ordinal));

    /// <exception cref="WeightsFormatException">It is TorchScript or a whole model, or damaged.</exception>
    public static ForeignArrays Read(ZipFile zip, string pickle, Budget budget)
    {
        var folder = pickle[..^Pickle.Length];
        if (zip.Names.Any(name => name.StartsWith(folder + "code/", StringComparison.Ordinal)))
            throw new WeightsFormatException($"this is TorchScript, a program; {WaysIn.Torch}");
        var isBigEndian = zip.Read(folder + "byteorder") is { } order && order.Span.SequenceEqual("big"u8);
        var storages = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var globals = new PickleGlobals(budget, (type, key, count) =>
        {
            if (!storages.TryGetValue(key, out var bytes))
            {
                bytes = zip.Read($"{folder}data/{key}") ?? throw new WeightsFormatException($"there is no entry '{folder}data/{key}'");
                storages.Add(key, bytes);
            }
            if (type.Format is { } format && bytes.Length != (decimal)count * format.Bytes())
            {
                throw new WeightsFormatException(
                    $"expected {count} numbers of {format.Bytes()} bytes in '{folder}data/{key}', it has {bytes.Length} bytes");
            }
            return new Storage(type, isBigEndian, bytes);
        });
        return PickledArrays.Of(new PickleMachine(zip.Read(pickle)!.Value, globals).Run());
    }
}
