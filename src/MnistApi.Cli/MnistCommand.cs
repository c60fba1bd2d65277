using System.CommandLine;
using MnistApi.Cli.Verbs;
using MnistApi.Imaging;
using MnistApi.Inference.Datasets;
using MnistApi.Inference.Weights;
using MnistApi.Training;

namespace MnistApi.Cli;

/// <summary>The executable's verbs, and what becomes of their failures: exit code 0 done, 1 bad input, 2 bad usage.</summary>
public static class MnistCommand
{
    internal const int BadInput = 1;
    private const int BadUsage = 2;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        var root = new RootCommand("Small digit networks: convert, export, inspect, evaluate, train, predict.")
        {
            ConvertVerb.Create(),
            ExportVerb.Create(),
            InspectVerb.Create(),
            EvaluateVerb.Create(),
            PredictVerb.Create(),
            TrainVerb.Create(),
            DatasetVerb.Create(),
            KeyVerb.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
                await error.WriteLineAsync(problem.Message);
            await error.WriteLineAsync("'mnist --help' and 'mnist VERB --help' say what is expected.");
            return BadUsage;
        }
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, cancellation);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or OperationCanceledException
            or SafetensorsException or WeightsFormatException
            or PictureException or IdxFormatException or DatasetUnavailableException or TrainingException)
        {
            await error.WriteLineAsync($"mnist: {(problem is OperationCanceledException ? "stopped" : Plain(problem.Message))}");
            return BadInput;
        }
    }

    /// <summary>Text from a file without what a terminal would obey.</summary>
    internal static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
