using System.CommandLine;
using System.Globalization;
using MnistApi.Inference;
using MnistApi.Inference.Datasets;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist evaluate WEIGHTS: accuracy on MNIST.</summary>
internal static class EvaluateVerb
{
    private const int MaxBatch = 10_000;

    public static Command Create()
    {
        var weights = Weights.Argument();
        var batch = new Option<int>("--batch") { Description = $"Images a forward pass, 1 to {MaxBatch}.", DefaultValueFactory = _ => 100 };
        batch.MustBe(value => value is >= 1 and <= MaxBatch, $"1 to {MaxBatch}");
        var split = new Option<MnistSplit>("--split") { Description = "test (10,000 images) or train (60,000)." };
        var folder = Data.Folder();
        var noDownload = Data.NoDownload();
        var verb = new Command("evaluate", "Measure a weights file's accuracy on MNIST.") { weights, batch, split, folder, noDownload };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var file = Weights.Load(parsed.GetRequiredValue(weights));
            var set = await Data.LoadAsync(output, parsed.GetValue(split), parsed.GetValue(folder), parsed.GetValue(noDownload), cancellation);
            Print(Evaluation.Run(file.Network, set, parsed.GetValue(batch), cancellation: cancellation), output);
        });
        return verb;
    }

    private static void Print(Evaluation evaluation, TextWriter output)
    {
        var confusion = evaluation.Confusion;
        var invariant = CultureInfo.InvariantCulture;
        output.WriteLine(string.Create(invariant,
            $"accuracy {confusion.Accuracy:F4} ({confusion.Correct} of {confusion.Total}), batch {evaluation.Batch}, {evaluation.Elapsed.TotalMilliseconds:F1} ms, {evaluation.ImagesPerSecond:F0} images/s"));
        output.WriteLine();
        output.WriteLine("digit  precision  recall      f1  support");
        for (var digit = 0; digit < MnistImage.Classes; digit++)
        {
            var scores = confusion.Scores(digit);
            output.WriteLine(string.Create(invariant, $"{digit,5}  {scores.Precision,9:F4}  {scores.Recall:F4}  {scores.F1:F4}  {scores.Support,7}"));
        }
        output.WriteLine();
        output.WriteLine($"true \\ answered {string.Concat(Enumerable.Range(0, MnistImage.Classes).Select(digit => $"{digit,6}"))}");
        foreach (var (row, digit) in confusion.ToRows().Select((row, digit) => (row, digit)))
            output.WriteLine($"{digit,15} {string.Concat(row.Select(count => $"{count,6}"))}");
    }
}
