using System.CommandLine;
using MnistApi.Cli.Foreign;
using MnistApi.Cli.Foreign.Onnx;
using MnistApi.Inference;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist export WEIGHTS OUT: a weights file for other frameworks.</summary>
internal static class ExportVerb
{
    private static readonly Dictionary<string, Func<Network, byte[]>> s_formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".onnx"] = OnnxWriter.Write,
        [".npz"] = NumpyWriter.Npz,
        [".pkl"] = NumpyWriter.Pickle,
    };

    public static Command Create()
    {
        var weights = Weights.Argument();
        var result = new Argument<FileInfo>("OUT")
        {
            Description = "w.onnx (pixels in 0..1 to probabilities and logits), w.npz or w.pkl (the chapter's W1, b1, ...).",
        };
        result.Validators.Add(argument =>
        {
            if (!s_formats.ContainsKey(Path.GetExtension(argument.Tokens[0].Value)))
                argument.AddError($"OUT: expected a name that ends in {string.Join(", ", s_formats.Keys)}, got {argument.Tokens[0].Value}");
        });
        var verb = new Command("export", "Write a weights file for ONNX Runtime, numpy or the book's code.") { weights, result };
        verb.SetAction(parsed =>
        {
            var network = Weights.Load(parsed.GetRequiredValue(weights)).Network;
            var file = parsed.GetRequiredValue(result);
            var bytes = s_formats[file.Extension](network);
            var saysActivations = file.Extension.Equals(".onnx", StringComparison.OrdinalIgnoreCase);
            var options = new ConversionOptions(saysActivations ? null : Weights.Activations(network));
            Weights.RequireSame(network, ForeignWeights.Read(bytes, options).Network, file);
            ReplaceFile.With(file.FullName, bytes);
            parsed.InvocationConfiguration.Output.WriteLine($"{file.FullName}: {network}, {bytes.Length} bytes, every number compared");
        });
        return verb;
    }
}
