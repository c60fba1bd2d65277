using MnistApi.Imaging;
using MnistApi.Inference;

namespace MnistApi.Cli.Verbs;

/// <summary>
/// A network's accuracy on a folder with the folders 0 to 9 of PNGs and JPEGs, or on several such in one, each picture read
/// as POST /predict reads it.
/// </summary>
internal static class PictureEvaluation
{
    private static readonly string[] s_extensions = [".png", ".jpg", ".jpeg"];

    /// <exception cref="IOException">There is no such folder, or no picture in it.</exception>
    /// <returns>The number of files that cannot be read, each named in a line and left out of the count.</returns>
    public static int Run(Network network, DirectoryInfo folder, FileInfo? misses, TextWriter output, TextWriter error,
        CancellationToken cancellation)
    {
        var pictures = Find(folder);
        var all = new Answer[pictures.Count];
        Parallel.For(0, pictures.Count, new ParallelOptions { CancellationToken = cancellation }, i => all[i] = Ask(network, pictures[i]));
        foreach (var answer in all.Where(answer => answer.Unreadable is not null))
            error.WriteLine($"mnist: {answer.Picture.Path}: {MnistCommand.Plain(answer.Unreadable!)}");
        var answers = all.Where(answer => answer.Unreadable is null).ToArray();
        if (answers.Length == 0)
            return all.Length;

        PrintSets(answers.ToLookup(answer => answer.Picture.Set), output);
        var refused = answers.Where(answer => answer.Refusal is not null).ToArray();
        var (confusion, calibration) = (new ConfusionMatrix(), new CalibrationBins());
        foreach (var answer in answers.Where(answer => answer.Refusal is null))
        {
            confusion.Add(answer.Picture.Digit, answer.Digit);
            calibration.Add(answer.Probability, answer.IsRight);
        }
        output.WriteLine($"accuracy {Accuracy(answers):F4} ({confusion.Correct} of {answers.Length}), {refused.Length} refused");
        output.WriteLine($"expected calibration error {calibration.ExpectedError():F4} "
            + $"({CalibrationBins.Count} bins of equal width, without those refused)");
        EvaluateVerb.PrintTables(confusion, output);
        if (refused.Length > 0)
            output.WriteLine();
        foreach (var answer in refused)
            output.WriteLine($"refused: {answer.Picture.Path}: {answer.Refusal}");
        if (misses is not null)
        {
            var missed = answers.Where(answer => !answer.IsRight).ToArray();
            File.WriteAllBytes(misses.FullName, ContactSheet.Draw([.. missed.Select(Tile)]));
            output.WriteLine();
            output.WriteLine($"{misses.FullName}: {missed.Length} misses, each as it came and as the network saw it, "
                + "the true digit, the answer (none where refused) and the number in the file's name");
        }
        return all.Length - answers.Length;
    }

    private static double Accuracy(IEnumerable<Answer> answers) => answers.Average(answer => answer.IsRight ? 1.0 : 0);

    /// <summary>A line for each of several sets; nothing where there is but one.</summary>
    private static void PrintSets(ILookup<string, Answer> sets, TextWriter output)
    {
        if (sets.Count == 1)
            return;
        var width = sets.Max(set => set.Key.Length);
        output.WriteLine($"{"set".PadRight(width)}  pictures  accuracy  refused");
        foreach (var set in sets)
        {
            var refused = set.Count(answer => answer.Refusal is not null);
            output.WriteLine($"{set.Key.PadRight(width)}  {set.Count(),8}  {Accuracy(set),8:F4}  {refused,7}");
        }
        output.WriteLine();
    }

    private static List<Picture> Find(DirectoryInfo folder)
    {
        if (!folder.Exists)
            throw new DirectoryNotFoundException($"there is no folder {folder.FullName}");
        var pictures = FindSet(folder, "");
        var sets = folder.GetDirectories().OrderBy(set => set.Name, StringComparer.Ordinal);
        if (pictures.Count == 0)
            pictures = [.. sets.SelectMany(set => FindSet(set, set.Name))];
        return pictures.Count > 0 ? pictures : throw new FileNotFoundException(
            $"expected folders named 0 to 9 with .png, .jpg or .jpeg files in {folder.FullName}, or in folders in it, found none");
    }

    private static List<Picture> FindSet(DirectoryInfo folder, string name) =>
    [
        .. from digit in Enumerable.Range(0, MnistImage.Classes)
           let pictures = new DirectoryInfo(Path.Combine(folder.FullName, $"{digit}"))
           where pictures.Exists
           from path in pictures.EnumerateFiles().Where(file => s_extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
               .Select(file => file.FullName).OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal)
           select new Picture(path, name, digit),
    ];

    private static Answer Ask(Network network, Picture picture)
    {
        var seen = new byte[MnistImage.Pixels];
        try
        {
            DigitReader.ReadDigit(File.ReadAllBytes(picture.Path)).Digits[0].Pixels.CopyTo(seen);
        }
        catch (Exception error) when (error is PictureException or IOException or UnauthorizedAccessException)
        {
            var isRefusal = error is PictureException { Error: PictureError.NoInk or PictureError.SeveralDigits };
            return new Answer(picture, seen, Refusal: isRefusal ? error.Message : null, Unreadable: isRefusal ? null : error.Message);
        }
        Span<float> probabilities = stackalloc float[MnistImage.Classes];
        network.Forward(seen, probabilities);
        var digit = Classes.Best(probabilities);
        return new Answer(picture, seen, digit, probabilities[digit]);
    }

    private static ContactSheet.Tile Tile(Answer answer)
    {
        var number = string.Concat(Path.GetFileNameWithoutExtension(answer.Picture.Path).Where(char.IsAsciiDigit));
        return new ContactSheet.Tile(
            Thumbnail.Of(File.ReadAllBytes(answer.Picture.Path), ContactSheet.Side), answer.Seen,
            $"{answer.Picture.Digit}>{(answer.Refusal is null ? answer.Digit : "-")} {number}");
    }

    private sealed record Picture(string Path, string Set, int Digit);

    private sealed record Answer(
        Picture Picture, byte[] Seen, int Digit = -1, float Probability = 0, string? Refusal = null, string? Unreadable = null)
    {
        public bool IsRight => Digit == Picture.Digit;
    }
}
