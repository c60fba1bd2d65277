using System.CommandLine;
using System.Globalization;
using MnistApi.Imaging;
using MnistApi.Inference;
using MnistApi.Inference.Datasets;
using MnistApi.Training;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist dataset fetch [DIR]: MNIST's four files; mnist dataset write DIR: digits in the trainer's own handwriting.</summary>
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
        fetch.SetAction((parsed, cancellation) => FetchAsync(
            DataOptions.Source(parsed.GetValue(folder), noDownload: false), parsed.InvocationConfiguration.Output, cancellation));
        return new Command("dataset", "The MNIST data, and written digits.") { fetch, CreateWrite() };
    }

    private static Command CreateWrite()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "A folder that is not there yet, or empty." };
        var count = Options.Of("--count", "Pictures of each digit.", 100, value => value is >= 1 and <= 100_000, "1 to 100000");
        var seed = Options.Of("--seed", "What all chance is drawn from.", 1);
        var write = new Command("write",
            "Write folders 0 to 9 of digits in the trainer's own handwriting, for evaluate --images.") { folder, count, seed };
        write.SetAction(parsed => Write(
            parsed.GetRequiredValue(folder), parsed.GetValue(count), parsed.GetValue(seed), parsed.InvocationConfiguration.Output));
        return write;
    }

    private static void Write(DirectoryInfo folder, int count, int seed, TextWriter output)
    {
        if (folder.Exists && folder.EnumerateFileSystemInfos().Any())
            throw new IOException($"expected a folder that is not there yet or empty, {folder.FullName} holds something");
        var digits = (int)Math.Log10(Math.Max(1, count - 1)) + 1; // of the last file's number
        Span<byte> picture = stackalloc byte[MnistImage.Pixels];
        for (var digit = 0; digit < MnistImage.Classes; digit++)
        {
            var of = folder.CreateSubdirectory(digit.ToString(CultureInfo.InvariantCulture));
            for (var index = 0; index < count; index++)
            {
                WrittenDigits.Draw(digit, seed, index, picture);
                var name = index.ToString($"D{digits}", CultureInfo.InvariantCulture);
                File.WriteAllBytes(Path.Combine(of.FullName, $"{name}.png"),
                    PngEncoding.Encode(picture, MnistImage.Width, MnistImage.Height));
            }
        }
        output.WriteLine($"{folder.FullName}: {MnistImage.Classes * count} pictures");
    }

    private static async Task FetchAsync(MnistSource source, TextWriter output, CancellationToken cancellation)
    {
        foreach (var file in MnistFile.All)
        {
            var path = await ProgressDisplay.RunAsync(output, file.Name, report => source.EnsureAsync(
                file,
                new Reporting<DownloadProgress>(
                    progress => report(progress.Total is > 0 ? (double)progress.Received / progress.Total.Value : 0, "")),
                cancellation));
            output.WriteLine(path);
        }
    }
}
