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
    /// <exception cref="WeightsFormatException">The file is of no kind that is read, damaged, or no network for digits.</exception>
    public static ConvertedNetwork Read(ReadOnlyMemory<byte> file, ConversionOptions options)
    {
        if (file.Length > Budget.MaxBytes)
            throw new WeightsFormatException($"expected a file of at most {Budget.MaxBytes} bytes, got {file.Length}");
        var budget = new Budget();
        var notes = new List<string>();
        if (FileKinds.Of(file.Span) == FileKind.Gzip)
            file = Unpack(file, budget);
        // A pixel p in 0..1 went into the training as (p - mean) / std.
        var start = options is { InputMean: 0, InputStd: 1 }
            ? NetworkDraft.Empty
            : NetworkDraft.Empty.Scale([1 / options.InputStd], [-options.InputMean / options.InputStd]);
        if (FileKinds.Of(file.Span) == FileKind.Onnx)
        {
            if (options.Activations is not null)
                throw new WeightsFormatException("the ONNX file names its activations itself; leave --activations out");
            return new ConvertedNetwork(OnnxGraph.Read(OnnxFile.Parse(file), start, notes).ToNetwork(), notes);
        }
        var arrays = ReadArrays(file, budget);
        if (arrays.PassedOver.Count > 0)
            notes.Add($"passed over: {LayerFinder.List(arrays.PassedOver)}");
        var activations = options.Activations ?? arrays.Metadata.GetValueOrDefault(WeightsFile.ActivationsKey);
        return new ConvertedNetwork(LayerFinder.Find(arrays, activations, start, notes).ToNetwork(), notes);
    }

    private static TensorFile ReadArrays(ReadOnlyMemory<byte> file, Budget budget) => FileKinds.Of(file.Span) switch
    {
        FileKind.Pickle => PickledArrays.Of(new PickleMachine(file, new PickleGlobals(budget)).Run()),
        FileKind.Zip => ReadZip(ZipFile.Unpack(file, budget), budget),
        FileKind.Safetensors => ReadSafetensors(file),
        _ => throw new WeightsFormatException(WaysIn.For(file.Span)),
    };

    private static TensorFile ReadZip(Dictionary<string, ReadOnlyMemory<byte>> entries, Budget budget)
    {
        bool Has(string ending) => entries.Keys.Any(name => name.EndsWith(ending, StringComparison.Ordinal));
        if (TorchReader.FindPickle(entries.Keys) is { } pickle)
            return TorchReader.Read(entries, pickle, budget);
        if (Has(NpzReader.Extension))
            return NpzReader.Read(entries);
        throw new WeightsFormatException(Has(".h5")
            ? $"this is a Keras model (.keras), which is not read; {WaysIn.Keras}"
            : $"this is a zip archive of {LayerFinder.List(entries.Keys.DefaultIfEmpty("nothing"))}, not of weights; {WaysIn.Numpy}");
    }

    private static TensorFile ReadSafetensors(ReadOnlyMemory<byte> file)
    {
        try
        {
            return SafetensorsReader.ReadAny(file.Span);
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
