using System.CommandLine;
using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Verbs;

/// <summary>The WEIGHTS argument that most verbs take, and what is done with weights.</summary>
internal static class Weights
{
    public static Argument<FileInfo> Argument() => new("WEIGHTS") { Description = "A weights file (.safetensors)." };

    /// <summary>Loads it; whatever is wrong is said with the file's name.</summary>
    public static WeightsFile Load(FileInfo file)
    {
        try
        {
            return WeightsFile.Load(file.FullName);
        }
        catch (Exception error) when (error is SafetensorsException or WeightsFormatException)
        {
            var hint = error is SafetensorsException ? "; 'mnist convert' makes a weights file" : "";
            throw new WeightsFormatException($"{file.FullName}: {error.Message}{hint}", error);
        }
    }

    /// <exception cref="IOException">What was written to the file is another network.</exception>
    public static void RequireSame(Network network, Network written, FileInfo file)
    {
        byte[] Bytes(Network one) => SafetensorsWriter.Write(WeightsFile.ToTensors(one, new Dictionary<string, string>()));
        if (!Bytes(network).SequenceEqual(Bytes(written)))
            throw new IOException($"{file.FullName}: the network does not read back as it was written");
    }

    public static string Activations(Network network) => string.Join(',', network.Layers.Select(layer => layer.Activation.Name()));
}
