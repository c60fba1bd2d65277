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
        var budget = new Budget();
        var notes = new List<string>();
        try
        {
            if (FileKinds.Of(file.Span) == FileKind.Gzip)
                file = budget.ReadAll(new GZipStream(new MemoryStream(file.ToArray()), CompressionMode.Decompress));
            // A pixel p in 0..1 went into the training as (p - mean) / std.
            var start = options is { InputMean: 0, InputStd: 1 }
                ? NetworkDraft.Empty
                : NetworkDraft.Empty.Scale([1 / options.InputStd], [-options.InputMean / options.InputStd]);
            var draft = FileKinds.Of(file.Span) switch
            {
                FileKind.Onnx => new OnnxGraph(notes).Read(OnnxFile.Parse(file), options.Activations, start),
                FileKind.Pickle => Find(new PickledArrays().Of(new PickleMachine(file, new PickleGlobals(budget)).Run())),
                FileKind.Zip => Find(ReadZip(ZipFile.Unpack(file, budget), budget)),
                FileKind.Safetensors => Find(SafetensorsReader.ReadAny(file.Span)),
                _ => throw new WeightsFormatException(WaysIn.For(file.Span)),
            };
            return new ConvertedNetwork(draft.ToNetwork(), notes);

            NetworkDraft Find(TensorFile arrays) => new LayerFinder(notes).Find(arrays, options.Activations, start);
        }
        catch (Exception error) when (error is InvalidDataException or IOException) // of zip, gzip and protocol buffers
        {
            var kind = FileKinds.Of(file.Span) switch { FileKind.Onnx => "ONNX", FileKind.Gzip => "gzip", _ => "zip" };
            throw new WeightsFormatException($"the {kind} file is damaged: {error.Message}", error);
        }
        catch (SafetensorsException error)
        {
            throw new WeightsFormatException(error.Message, error);
        }
    }

    /// <summary>Says of a failure where it was.</summary>
    internal static T At<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (WeightsFormatException error)
        {
            throw new WeightsFormatException($"{place}: {error.Message}", error);
        }
    }

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
}
