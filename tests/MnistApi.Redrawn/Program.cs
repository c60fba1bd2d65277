using System.CommandLine;
using MnistApi.Inference.Datasets;
using MnistApi.Redrawn;

Argument<DirectoryInfo> folder = new("DIR") { Description = "Receives a folder for each kind, with folders 0 to 9 of PNGs." };
Option<int> count = new("--count") { Description = "How many of each digit.", DefaultValueFactory = _ => 10 };
Option<int> first = new("--first") { Description = "From which of MNIST's test images on.", DefaultValueFactory = _ => 0 };
Option<int> seed = new("--seed") { Description = "What all chance is drawn from.", DefaultValueFactory = _ => 1 };
RootCommand command = new("Redraws MNIST's test digits as people draw, photograph and scan them.") { folder, count, first, seed };
command.SetAction(async (parsed, cancellation) =>
{
    var source = new MnistSource(Environment.GetEnvironmentVariable(MnistSource.EnvironmentVariable), download: true);
    var test = await source.LoadAsync(MnistSplit.Test, null, cancellation);
    var digits = Strokes.Of(test, parsed.GetValue(first), parsed.GetValue(count));
    Parallel.ForEach(Kinds.All.Keys, kind =>
    {
        foreach (var digit in digits)
        {
            var path = parsed.GetValue(folder)!.CreateSubdirectory($"{kind}/{digit.Strokes.Label}").FullName;
            File.WriteAllBytes(Path.Combine(path, $"{digit.Index:D5}.png"), Kinds.Draw(kind, digit, parsed.GetValue(seed)));
        }
    });
    Console.WriteLine($"{Kinds.All.Count} kinds of {digits.Length} pictures");
});
// With the program's name before them, so that a folder of that name is not taken for it.
return await command.Parse([command.Name, .. args]).InvokeAsync();
