using System.CommandLine;
using MnistApi.Inference.Datasets;

namespace MnistApi.Cli.Verbs;

/// <summary>The options that say where MNIST is.</summary>
internal sealed class DataOptions
{
    private readonly Option<DirectoryInfo?> _folder = new("--data")
    {
        Description = $"The folder with MNIST's files; by default {MnistSource.EnvironmentVariable}, then the cache, "
            + "else they are downloaded.",
    };

    private readonly Option<bool> _noDownload = new("--no-download") { Description = "Do not fetch what is missing." };

    /// <summary>Adds them to a verb.</summary>
    public DataOptions(Command verb)
    {
        verb.Add(_folder);
        verb.Add(_noDownload);
    }

    /// <summary>Says in a line when a download begins: the rest of the verb has its own bar.</summary>
    public async Task<MnistSet> LoadAsync(ParseResult parsed, MnistSplit split, CancellationToken cancellation)
    {
        var current = "";
        var source = Source(parsed.GetValue(_folder), parsed.GetValue(_noDownload));
        return await source.LoadAsync(split, new Reporting<DownloadProgress>(progress =>
        {
            if (progress.File != current)
                parsed.InvocationConfiguration.Output.WriteLine($"downloading {current = progress.File}");
        }), cancellation);
    }

    public static MnistSource Source(DirectoryInfo? folder, bool noDownload) =>
        new(folder?.FullName ?? Environment.GetEnvironmentVariable(MnistSource.EnvironmentVariable), !noDownload);
}
