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
    public static string? FindPickle(IEnumerable<string> names) =>
        names.FirstOrDefault(name => name == Pickle || name.EndsWith("/" + Pickle, StringComparison.Ordinal));

    public static TensorFile Read(Dictionary<string, ReadOnlyMemory<byte>> entries, string pickle, Budget budget)
    {
        var folder = pickle[..^Pickle.Length];
        if (entries.Keys.Any(name => name.StartsWith(folder + "code/", StringComparison.Ordinal)))
            throw new WeightsFormatException($"this is TorchScript, a program; {WaysIn.Torch}");
        var isBigEndian = entries.GetValueOrDefault(folder + "byteorder").Span.SequenceEqual("big"u8);
        return new PickledArrays().Of(new PickleMachine(entries[pickle], new PickleGlobals(budget, (type, key, count) =>
        {
            var name = $"{folder}data/{key}";
            if (!entries.TryGetValue(name, out var bytes))
                throw new WeightsFormatException($"there is no entry '{name}'");
            if (type.Format?.Bytes() is { } size && bytes.Length != (decimal)count * size)
                throw new WeightsFormatException($"expected {count} numbers of {size} bytes in '{name}', it has {bytes.Length} bytes");
            return new Storage(type, isBigEndian, bytes);
        })).Run());
    }
}
