using System.CommandLine;
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
            throw new SafetensorsException(error.Error, $"{file.FullName}: {error.Message}", error);
        }
        catch (WeightsFormatException error)
        {
            throw new WeightsFormatException($"{file.FullName}: {error.Message}", error);
        }
    }
}
