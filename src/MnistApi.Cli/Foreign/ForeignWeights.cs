using System.IO.Compression;
using MnistApi.Cli.Foreign.Onnx;
using MnistApi.Cli.Foreign.Pickles;
using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>What the user says of a file that does not say it itself.</summary>
/// <param name="Activations">Such as "relu,softmax"; null for the default.</param>
/// <param name="InputMean">Subtracted from each pixel in 0..1, in the training.</param>
/// <param name="InputStd">Then divided by.</param>
public sealed record ConversionOptions(string? Activations = null, double InputMean = 0, double InputStd = 1);

/// <summary>A network, and what there is to say of how it was read.</summary>
public sealed record ConvertedNetwork(Network Network, IReadOnlyList<string> Notes);

/// <summary>Reads networks that other frameworks wrote, told apart by content.</summary>
public static class ForeignWeights
{
    /// <exception cref="WeightsFormatException">The file is of no kind that is read, or damaged, or not such a network.</exception>
    /// <exception cref="WeightsFormatException">The network is none that the service takes.</exception>
    public static ConvertedNetwork Read(ReadOnlyMemory<byte> file, ConversionOptions options)
    {
        if (file.Length > Budget.MaxBytes)
            throw new WeightsFormatException($"expected a file of at most {Budget.MaxBytes} bytes, got {file.Length}");
        var budget = new Budget();
        var notes = new List<string>();
        if (FileKinds.Of(file.Span) == FileKind.Gzip)
            file = Unpack(file, budget);
        // A pixel p in 0..1 went into the training as (p - mean) / std.
        var input = options is { InputMean: 0, InputStd: 1 }
            ? null
            : new Affine([1 / options.InputStd], [-options.InputMean / options.InputStd]);
        var draft = FileKinds.Of(file.Span) == FileKind.Onnx
            ? OnnxGraph.Read(OnnxModel.Parse(file.Span), options.Activations, input, notes)
            : LayerFinder.Find(ReadArrays(file, budget, notes), options.Activations, input, notes);
        return new ConvertedNetwork(draft.ToNetwork(), notes);
    }

    private static ForeignArrays ReadArrays(ReadOnlyMemory<byte> file, Budget budget, List<string> notes)
    {
        var arrays = FileKinds.Of(file.Span) switch
        {
            FileKind.Pickle => PickledArrays.Of(new PickleMachine(file, new PickleGlobals(budget)).Run()),
            FileKind.Zip => ReadZip(file, budget),
            FileKind.Safetensors => ReadSafetensors(file),
            _ => throw new WeightsFormatException(WaysIn.For(file.Span)),
        };
        if (arrays.PassedOver.Count > 0)
            notes.Add($"passed over: {LayerFinder.List(arrays.PassedOver)}");
        return arrays;
    }

    private static ForeignArrays ReadZip(ReadOnlyMemory<byte> file, Budget budget)
    {
        using var zip = new ZipFile(file, budget);
        if (TorchReader.FindPickle(zip) is { } pickle)
            return TorchReader.Read(zip, pickle, budget);
        if (zip.Names.Any(name => name.EndsWith(".npy", StringComparison.Ordinal)))
            return NpzReader.Read(zip);
        var names = zip.Names.Count == 0 ? "nothing" : LayerFinder.List(zip.Names);
        throw new WeightsFormatException(zip.Names.Any(name => name.EndsWith(".h5", StringComparison.Ordinal))
            ? $"this is a Keras model (.keras), which is not read; {WaysIn.Keras}"
            : $"this is a zip archive of {names}, not of weights; {WaysIn.Numpy}");
    }

    private static ForeignArrays ReadSafetensors(ReadOnlyMemory<byte> file)
    {
        try
        {
            var read = SafetensorsReader.ReadAny(file.Span);
            var activations = read.Metadata.GetValueOrDefault(WeightsFile.ActivationsKey);
            return new ForeignArrays(read.Tensors, read.PassedOver) { Activations = activations };
        }
        catch (SafetensorsException error)
        {
            throw new WeightsFormatException(error.Message, error);
        }
    }

    private static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> file, Budget budget)
    {
        try
        {
            using var packed = new GZipStream(new MemoryStream(file.ToArray()), CompressionMode.Decompress);
            return budget.ReadAll(packed);
        }
        catch (InvalidDataException error)
        {
            throw new WeightsFormatException($"the gzip data is damaged: {error.Message}", error);
        }
    }
}
