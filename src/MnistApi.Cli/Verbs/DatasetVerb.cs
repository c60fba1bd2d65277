using System.CommandLine;
using MnistApi.Inference.Datasets;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist dataset fetch [DIR]: MNIST's four files.</summary>
internal static class DatasetVerb
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo?>("DIR")
        {
            Description = $"Where to put them; by default {MnistSource.EnvironmentVariable}, else the cache.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var fetch = new Command("fetch", "Download what is missing of MNIST's four files and check it.") { folder };
        fetch.SetAction((parsed, cancellation) => FetchAsync(Data.Source(parsed.GetValue(folder), noDownload: false), parsed.InvocationConfiguration.Output, cancellation));
        return new Command("dataset", "The MNIST data.") { fetch };
    }

    private static async Task FetchAsync(MnistSource source, TextWriter output, CancellationToken cancellation)
    {
        foreach (var file in MnistFile.All)
        {
            var path = await ProgressDisplay.RunAsync(output, file.Name, report => source.EnsureAsync(
                file,
                new Reporting<DownloadProgress>(progress => report(progress.Total is > 0 ? (double)progress.Received / progress.Total.Value : 0, "")),
                cancellation));
            output.WriteLine(path);
        }
    }
}
