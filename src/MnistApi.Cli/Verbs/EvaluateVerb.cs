using System.CommandLine;
using MnistApi.Inference;
using MnistApi.Inference.Datasets;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist evaluate WEIGHTS: accuracy on MNIST, or on a folder of pictures.</summary>
internal static class EvaluateVerb
{
    private const int MaxBatch = 10_000;

    public static Command Create()
    {
        var weights = Weights.Argument();
        var batch = Options.Of(
            "--batch", $"Images a forward pass, 1 to {MaxBatch}.", 100, value => value is >= 1 and <= MaxBatch, $"1 to {MaxBatch}");
        var split = new Option<MnistSplit>("--split") { Description = "test (10,000 images) or train (60,000)." };
        var images = new Option<DirectoryInfo?>("--images")
        {
            Description = "Instead of MNIST a folder with the folders 0 to 9 of PNGs, read as POST /predict reads them; "
                + "or one of several such folders, each with a line of its own.",
        };
        var misses = new Option<FileInfo?>("--misses") { Description = "With --images: write a contact sheet of what went wrong, a PNG." };
        var verb = new Command("evaluate", "Measure a weights file's accuracy on MNIST or on a folder of pictures.")
        {
            weights, batch, split, images, misses,
        };
        var data = new DataOptions(verb);
        verb.Validators.Add(result =>
        {
            if (result.GetResult(misses) is { Implicit: false } && result.GetResult(images) is null or { Implicit: true })
                result.AddError($"{misses.Name}: expected {images.Name} as well, got none");
        });
        verb.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var file = Weights.Load(parsed.GetRequiredValue(weights));
            if (parsed.GetValue(images) is { } pictures)
            {
                var error = parsed.InvocationConfiguration.Error;
                var unread = PictureEvaluation.Run(file.Network, pictures, parsed.GetValue(misses), output, error, cancellation);
                return unread == 0 ? 0 : MnistCommand.BadInput;
            }
            var set = await data.LoadAsync(parsed, parsed.GetValue(split), cancellation);
            var evaluation = Evaluation.Run(file.Network, set, parsed.GetValue(batch), cancellation: cancellation);
            var confusion = evaluation.Confusion;
            output.WriteLine($"accuracy {confusion.Accuracy:F4} ({confusion.Correct} of {confusion.Total}), batch {evaluation.Batch}, "
                + $"{evaluation.Elapsed.TotalMilliseconds:F1} ms, {evaluation.ImagesPerSecond:F0} images/s");
            PrintTables(confusion, output);
            return 0;
        });
        return verb;
    }

    /// <summary>Each digit's scores, and how often it was taken for which.</summary>
    public static void PrintTables(ConfusionMatrix confusion, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("digit  precision  recall      f1  support");
        for (var digit = 0; digit < MnistImage.Classes; digit++)
        {
            var scores = confusion.Scores(digit);
            output.WriteLine($"{digit,5}  {scores.Precision,9:F4}  {scores.Recall:F4}  {scores.F1:F4}  {scores.Support,7}");
        }
        output.WriteLine();
        output.WriteLine($"true \\ answered {string.Concat(Enumerable.Range(0, MnistImage.Classes).Select(digit => $"{digit,6}"))}");
        foreach (var (digit, row) in confusion.ToRows().Index())
            output.WriteLine($"{digit,15} {string.Concat(row.Select(count => $"{count,6}"))}");
    }
}
