using System.CommandLine;
using System.Security.Cryptography;
using MnistApi.Cli.Numpy;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist convert IN OUT: numpy weights to a weights file.</summary>
internal static class ConvertVerb
{
    public static Command Create()
    {
        var input = new Argument<FileInfo>("IN") { Description = "A pickle or .npz with the arrays W1 b1 W2 b2 ... (W: inputs x outputs)." };
        var result = new Argument<FileInfo>("OUT") { Description = "The weights file to write (.safetensors)." };
        var activations = new Option<string>("--activations")
        {
            Description = "One a layer, among identity, step, sigmoid, relu, softmax.",
            DefaultValueFactory = _ => "sigmoid,sigmoid,softmax",
        };
        var name = new Option<string?>("--name") { Description = "The model's name; by default IN's without its extension." };
        var verb = new Command("convert", "Convert a numpy network to a weights file. No code in the pickle is run.") { input, result, activations, name };
        verb.SetAction(parsed =>
        {
            var source = parsed.GetRequiredValue(input);
            Convert(
                source, parsed.GetRequiredValue(result), parsed.GetRequiredValue(activations),
                parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(source.Name), parsed.InvocationConfiguration.Output);
        });
        return verb;
    }

    private static void Convert(FileInfo source, FileInfo result, string activations, string name, TextWriter output)
    {
        var bytes = File.ReadAllBytes(source.FullName);
        TensorFile file;
        try
        {
            var network = NumpyWeights.ToNetwork(NumpyWeights.Read(bytes), activations);
            file = WeightsFile.ToTensors(network, new Dictionary<string, string>
            {
                [WeightsFile.NameKey] = name,
                [WeightsFile.SourceSha256Key] = System.Convert.ToHexStringLower(SHA256.HashData(bytes)),
                [WeightsFile.CreatedByKey] = $"mnist convert {source.Name}",
            });
            WeightsFile.Read(SafetensorsWriter.Write(file)); // a network that the service would refuse is refused here
        }
        catch (NumpyFormatException error)
        {
            throw new NumpyFormatException($"{source.FullName}: {error.Message}", error);
        }
        catch (WeightsFormatException error)
        {
            throw new WeightsFormatException($"{source.FullName}: {error.Message}", error);
        }
        SafetensorsWriter.Save(result.FullName, file);
        var written = Verify(result.FullName, file);
        output.WriteLine($"{result.FullName}: {written.Network}, {written.Network.Parameters} parameters, every tensor compared");
    }

    /// <summary>Opens what was written and compares it with what was read, number by number.</summary>
    private static WeightsFile Verify(string path, TensorFile expected)
    {
        var written = WeightsFile.Load(path);
        var tensors = WeightsFile.ToTensors(written.Network, written.Metadata).Tensors;
        foreach (var tensor in expected.Tensors)
        {
            var same = tensors.Any(other => other.Name == tensor.Name
                && other.Shape.SequenceEqual(tensor.Shape)
                && other.Values.Span.SequenceEqual(tensor.Values.Span));
            if (!same)
                throw new IOException($"{path}: {tensor.Name} does not read back as it was written");
        }
        return written;
    }
}
