using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Numpy;

/// <summary>From a file of numpy arrays named W1 b1 W2 b2 ... to the tensors of a weights file.</summary>
public static class NumpyWeights
{
    /// <summary>Reads a pickle or an .npz, told apart by content.</summary>
    /// <exception cref="NumpyFormatException">It is neither, or does not hold float arrays.</exception>
    public static IReadOnlyDictionary<string, NumpyArray> Read(ReadOnlyMemory<byte> file) => file.Span switch
    {
        [(byte)'P', (byte)'K', ..] => NpzReader.Read(file),
        [0x80, ..] => PickleReader.Read(file),
        _ => throw new NumpyFormatException("expected a pickle of protocol 2 or later (first byte 80 hexadecimal) or an .npz (first bytes PK)"),
    };

    /// <summary>The arrays as a network from 784 pixels to 10 digits.</summary>
    /// <exception cref="WeightsFormatException">They are not such a network.</exception>
    public static Network ToNetwork(IReadOnlyDictionary<string, NumpyArray> arrays, string activations)
    {
        if (arrays.TryGetValue("W1", out var first) && first.Shape is [not MnistImage.Pixels, MnistImage.Pixels])
            throw new WeightsFormatException($"W1 is [{string.Join(',', first.Shape)}]: expected {MnistImage.Pixels} rows (inputs x outputs); save W1.T, W2.T and so on");
        var tensors = arrays.Select(pair => new Tensor(pair.Key, BiasAsVector(pair.Key, pair.Value.Shape), pair.Value.Values)).ToArray();
        return WeightsFile.ToNetwork(new TensorFile(tensors, new Dictionary<string, string> { [WeightsFile.ActivationsKey] = activations }));
    }

    /// <summary>Many numpy networks keep b as one row, [1,n].</summary>
    private static IReadOnlyList<int> BiasAsVector(string name, IReadOnlyList<int> shape) =>
        name.StartsWith('b') && shape is [1, var outputs] ? [outputs] : shape;
}
