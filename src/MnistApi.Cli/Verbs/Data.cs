using System.CommandLine;
using MnistApi.Inference.Datasets;

namespace MnistApi.Cli.Verbs;

/// <summary>The options that say where MNIST is.</summary>
internal static class Data
{
    public static Option<DirectoryInfo?> Folder() => new("--data")
    {
        Description = $"The folder with MNIST's files; by default {MnistSource.EnvironmentVariable}, then the cache, "
            + "else they are downloaded.",
    };

    public static Option<bool> NoDownload() => new("--no-download") { Description = "Do not fetch what is missing." };

    public static async Task<MnistSet> LoadAsync(
        TextWriter output, MnistSplit split, DirectoryInfo? folder, bool noDownload, CancellationToken cancellation)
    {
        var source = Source(folder, noDownload);
        return await source.LoadAsync(split, Lines(output), cancellation);
    }

    public static MnistSource Source(DirectoryInfo? folder, bool noDownload) =>
        new(folder?.FullName ?? Environment.GetEnvironmentVariable(MnistSource.EnvironmentVariable), !noDownload);

    /// <summary>A line when a download begins: the rest of the verb has its own bar.</summary>
    private static Reporting<DownloadProgress> Lines(TextWriter output)
    {
        var current = "";
        return new Reporting<DownloadProgress>(progress =>
        {
            if (progress.File == current)
                return;
            current = progress.File;
            output.WriteLine($"downloading {current}");
        });
    }
}
