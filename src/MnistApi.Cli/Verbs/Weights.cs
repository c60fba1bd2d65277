using System.CommandLine;
using MnistApi.Cli.Foreign;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Verbs;

/// <summary>The WEIGHTS argument that most verbs take.</summary>
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
        catch (SafetensorsException error)
        {
            throw new SafetensorsException(error.Error, $"{file.FullName}: {error.Message}; 'mnist convert' makes a weights file", error);
        }
        catch (WeightsFormatException error)
        {
            throw new WeightsFormatException($"{file.FullName}: {error.Message}", error);
        }
    }

    /// <exception cref="IOException">The file cannot be read, or is larger than any network of this size.</exception>
    public static byte[] ReadBytes(FileInfo file, int max) => Directory.Exists(file.FullName)
        ? throw new IOException($"{file.FullName} is a folder; for TensorFlow's SavedModel: {WaysIn.TensorFlow}")
        : file.Exists && file.Length > max
            ? throw new IOException($"{file.FullName}: expected at most {max} bytes, got {file.Length}")
            : File.ReadAllBytes(file.FullName);
}
