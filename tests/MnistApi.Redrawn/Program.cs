using System.CommandLine;
using MnistApi.Inference.Datasets;
using MnistApi.Redrawn;

Argument<DirectoryInfo> folder = new("DIR") { Description = "Receives a folder for each kind, with folders 0 to 9 of PNGs." };
Option<string> data = new("--data") { Description = "The folder of MNIST's files.", DefaultValueFactory = _ => Environment.GetEnvironmentVariable(MnistSource.EnvironmentVariable) ?? "" };
Option<string[]> kinds = new("--kind") { Description = "Only these, by the beginning of their name.", DefaultValueFactory = _ => [""], AllowMultipleArgumentsPerToken = true };
Option<int> count = new("--count") { Description = "How many of each digit.", DefaultValueFactory = _ => 10 };
Option<int> first = new("--first") { Description = "From which of MNIST's test images on.", DefaultValueFactory = _ => 0 };
Option<int> seed = new("--seed") { Description = "What all chance is drawn from.", DefaultValueFactory = _ => 1 };
RootCommand command = new("Redraws MNIST's test digits as people draw, write, photograph and scan them.") { folder, data, kinds, count, first, seed };
command.SetAction(async (parsed, cancellation) =>
{
    var name = parsed.GetValue(data)!;
    var test = await new MnistSource(name.Length > 0 ? name : null, download: true).LoadAsync(MnistSplit.Test, null, cancellation);
    var digits = RedrawnSet.Digits(test, parsed.GetValue(first), parsed.GetValue(count));
    var chosen = Kinds.All.Keys.Where(kind => parsed.GetValue(kinds)!.Any(start => kind.StartsWith(start, StringComparison.Ordinal))).ToArray();
    Parallel.ForEach(chosen, kind =>
    {
        for (var i = 0; i < digits.Length; i++)
        {
            var path = Directory.CreateDirectory(Path.Combine(parsed.GetValue(folder)!.FullName, kind, $"{digits[i].Strokes.Label}")).FullName;
            File.WriteAllBytes(Path.Combine(path, $"{digits[i].Index:D5}.png"), RedrawnSet.Draw(kind, digits[i], parsed.GetValue(seed)));
        }
    });
    Console.WriteLine($"{chosen.Length} kinds of {digits.Length} pictures");
    return chosen.Length > 0 ? 0 : 1;
});
// With the program's name before them, so that a folder of that name is not taken for it.
return await command.Parse([command.Name, .. args]).InvokeAsync();
