using System.CommandLine;
using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist inspect WEIGHTS: what a weights file holds.</summary>
internal static class InspectVerb
{
    public static Command Create()
    {
        var weights = Weights.Argument();
        var verb = new Command("inspect", "Show a weights file's layers, shapes, parameters and metadata.") { weights };
        verb.SetAction(parsed => Print(Weights.Load(parsed.GetRequiredValue(weights)), parsed.InvocationConfiguration.Output));
        return verb;
    }

    private static void Print(WeightsFile file, TextWriter output)
    {
        output.WriteLine($"architecture  {file.Network}");
        output.WriteLine($"parameters    {file.Network.Parameters}");
        output.WriteLine($"sha256        {file.Sha256}");
        for (var i = 0; i < file.Network.Layers.Count; i++)
        {
            var layer = file.Network.Layers[i];
            var shapes = $"W{i + 1} [{layer.Inputs},{layer.Outputs}]  b{i + 1} [{layer.Outputs}]";
            output.WriteLine($"layer {i + 1}       {shapes}  {layer.Activation.Name()}");
        }
        foreach (var (key, value) in file.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            output.WriteLine($"{MnistCommand.Plain(key),-13} {MnistCommand.Plain(value)}");
    }
}
