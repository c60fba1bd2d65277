using System.IO.Compression;
using MnistApi.Fuzzing;
using SharpFuzz;

// fuzz.sh runs the first; the others are for people.
switch (args)
{
    case [var name] when Targets.All.TryGetValue(name, out var target):
        Fuzzer.OutOfProcess.Run(stream => target(ReadAll(stream)));
        return 0;
    case ["--seeds", var folder]:
        Seeds.Write(folder);
        return 0;
    case [var name, .. var files] when Targets.All.TryGetValue(name, out var target) && files.Length > 0:
        foreach (var (place, bytes) in files.SelectMany(Inputs))
        {
            Console.WriteLine(place);
            target(bytes);
        }
        return 0;
    default:
        Console.Error.WriteLine(
            $"usage: MnistApi.Fuzzing TARGET [FILE...] | --seeds FOLDER, where TARGET is one of {string.Join(", ", Targets.All.Keys)}");
        return 2;
}

// A file is an input, a .zip holds many.
static IEnumerable<(string Place, byte[] Bytes)> Inputs(string file)
{
    if (!file.EndsWith(".zip", StringComparison.Ordinal))
    {
        yield return (file, File.ReadAllBytes(file));
        yield break;
    }
    using var zip = ZipFile.OpenRead(file);
    foreach (var entry in zip.Entries)
    {
        using var content = entry.Open();
        yield return ($"{file}:{entry.Name}", ReadAll(content));
    }
}

static byte[] ReadAll(Stream stream)
{
    using var copy = new MemoryStream();
    stream.CopyTo(copy);
    return copy.ToArray();
}
