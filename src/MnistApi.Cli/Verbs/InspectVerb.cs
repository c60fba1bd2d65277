using System.CommandLine;
using MnistApi.Inference;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist inspect WEIGHTS: what a weights file holds.</summary>
internal static class InspectVerb
{
    public static Command Create()
    {
        var weights = Weights.Argument();
        var verb = new Command("inspect", "Show a weights file's layers, shapes, parameters and metadata.") { weights };
        verb.SetAction(parsed =>
        {
            var (file, output) = (Weights.Load(parsed.GetRequiredValue(weights)), parsed.InvocationConfiguration.Output);
            output.WriteLine($"architecture  {file.Network}");
            output.WriteLine($"parameters    {file.Network.Parameters}");
            output.WriteLine($"sha256        {file.Sha256}");
            foreach (var (i, layer) in file.Network.Layers.Index())
            {
                var shapes = $"W{i + 1} [{layer.Inputs},{layer.Outputs}]  b{i + 1} [{layer.Outputs}]";
                output.WriteLine($"layer {i + 1}       {shapes}  {layer.Activation.Name()}");
            }
            foreach (var (key, value) in file.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                output.WriteLine($"{MnistCommand.Plain(key),-13} {MnistCommand.Plain(value)}");
        });
        return verb;
    }
}
