using System.CommandLine;
using MnistApi.Imaging;
using MnistApi.Inference;
using MnistApi.Inference.Datasets;
using MnistApi.Training;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist dataset fetch [DIR]: MNIST's four files; mnist dataset write DIR: digits in the trainer's own handwriting.</summary>
internal static class DatasetVerb
{
    public static Command Create() => new("dataset", "The MNIST data, and written digits.") { CreateFetch(), CreateWrite() };

    private static Command CreateFetch()
    {
        var folder = new Argument<DirectoryInfo?>("DIR")
        {
            Description = $"Where to put them; by default {MnistSource.EnvironmentVariable}, else the cache.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var fetch = new Command("fetch", "Download what is missing of MNIST's four files and check it.") { folder };
        fetch.SetAction(async (parsed, cancellation) =>
        {
            var (output, source) = (parsed.InvocationConfiguration.Output, DataOptions.Source(parsed.GetValue(folder), noDownload: false));
            foreach (var file in MnistFile.All)
            {
                output.WriteLine(await ProgressDisplay.RunAsync(output, file.Name, report => source.EnsureAsync(file,
                    new Reporting<DownloadProgress>(
                        progress => report(progress.Total is > 0 ? (double)progress.Received / progress.Total.Value : 0, "")),
                    cancellation)));
            }
        });
        return fetch;
    }

    private static Command CreateWrite()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "A folder that is not there yet, or empty." };
        var count = Options.Of("--count", "Pictures of each digit.", 100, value => value is >= 1 and <= 100_000, "1 to 100000");
        var seed = Options.Of("--seed", "What all chance is drawn from.", 1);
        var write = new Command("write",
            "Write folders 0 to 9 of digits in the trainer's own handwriting, for evaluate --images.") { folder, count, seed };
        write.SetAction(parsed =>
        {
            var (to, each) = (parsed.GetRequiredValue(folder), parsed.GetValue(count));
            if (to.Exists && to.EnumerateFileSystemInfos().Any())
                throw new IOException($"expected a folder that is not there yet or empty, {to.FullName} holds something");
            Span<byte> picture = stackalloc byte[MnistImage.Pixels];
            for (var i = 0; i < MnistImage.Classes * each; i++)
            {
                var (digit, index) = Math.DivRem(i, each);
                WrittenDigits.Draw(digit, parsed.GetValue(seed), index, picture);
                var name = $"{index}".PadLeft($"{each - 1}".Length, '0');
                File.WriteAllBytes(Path.Combine(to.CreateSubdirectory($"{digit}").FullName, $"{name}.png"),
                    PngEncoding.Encode(picture, MnistImage.Width, MnistImage.Height));
            }
            parsed.InvocationConfiguration.Output.WriteLine($"{to.FullName}: {MnistImage.Classes * each} pictures");
        });
        return write;
    }
}
