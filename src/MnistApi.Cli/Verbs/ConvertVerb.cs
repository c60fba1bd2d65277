using System.CommandLine;
using System.Security.Cryptography;
using MnistApi.Cli.Foreign;
using MnistApi.Inference;
using MnistApi.Inference.Datasets;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist convert IN OUT: another framework's network to a weights file.</summary>
internal static class ConvertVerb
{
    private const string About = $"""
        Convert another framework's network to a weights file. The file's content tells what it is; no code in it is run.
          numpy         {WaysIn.Numpy}
                        or a pickle of the arrays, also packed by gzip
          PyTorch       {WaysIn.Torch}
                        or safetensors.torch.save_file(model.state_dict(), "w.safetensors")
          Keras         {WaysIn.Keras}
          scikit-learn  {WaysIn.ScikitLearn}
          ONNX          {WaysIn.Onnx}
        """;

    public static Command Create()
    {
        var input = new Argument<FileInfo>("IN") { Description = "The other framework's file." };
        var result = new Argument<FileInfo>("OUT") { Description = "The weights file to write (.safetensors)." };
        var activations = new Option<string?>("--activations")
        {
            Description = "One a layer, among identity, step, sigmoid, relu, softmax; by default what the file says, "
                + "else sigmoid for the chapter's names and relu for others, and softmax at the end.",
        };
        var mean = Options.Of("--input-mean", "What the training subtracted from pixels in 0..1 (torchvision: 0.1307).", 0.0,
            double.IsFinite, "a number");
        var std = Options.Of("--input-std", "What it then divided by (torchvision: 0.3081; for pixels in 0..255: 0.0039215686).", 1.0,
            value => double.IsFinite(value) && value > 0, "a number above 0");
        var name = new Option<string?>("--name") { Description = "The model's name; by default IN's without its extension." };
        var check = new Option<bool>("--check") { Description = "Measure the accuracy on MNIST's test images." };
        var verb = new Command("convert", About) { input, result, activations, mean, std, name, check };
        var data = new DataOptions(verb);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var (source, file) = (parsed.GetRequiredValue(input), parsed.GetRequiredValue(result));
            if (Directory.Exists(source.FullName))
                throw new IOException($"{source.FullName} is a folder; for TensorFlow's SavedModel: {WaysIn.TensorFlow}");
            if (source.Length > Budget.MaxBytes)
                throw new IOException($"{source.FullName}: expected at most {Budget.MaxBytes} bytes, got {source.Length}");
            var bytes = File.ReadAllBytes(source.FullName);
            var options = new ConversionOptions(parsed.GetValue(activations), parsed.GetValue(mean), parsed.GetValue(std));
            var (network, notes) = ForeignWeights.At(source.FullName, () => ForeignWeights.Read(bytes, options));
            SafetensorsWriter.Save(file.FullName, WeightsFile.ToTensors(network, new Dictionary<string, string>
            {
                [WeightsFile.NameKey] = parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(source.Name),
                [WeightsFile.SourceSha256Key] = Convert.ToHexStringLower(SHA256.HashData(bytes)),
                [WeightsFile.CreatedByKey] = $"mnist convert {source.Name}",
            }));
            Weights.RequireSame(network, WeightsFile.Load(file.FullName).Network, file);
            var output = parsed.InvocationConfiguration.Output;
            foreach (var note in notes)
                output.WriteLine(MnistCommand.Plain(note));
            output.WriteLine(
                $"{file.FullName}: {network}, {network.Parameters} parameters, every tensor compared; {Weights.Activations(network)}");
            if (!parsed.GetValue(check))
                return;
            var set = await data.LoadAsync(parsed, MnistSplit.Test, cancellation);
            var confusion = Evaluation.Run(network, set, 100, cancellation: cancellation).Confusion;
            output.WriteLine($"accuracy {confusion.Accuracy:F4} ({confusion.Correct} of {confusion.Total})");
        });
        return verb;
    }
}
