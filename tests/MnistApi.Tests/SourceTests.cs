using System.Text.RegularExpressions;
using MnistApi.TestData;

namespace MnistApi.Tests;

/// <summary>What the house asks of every file: lines that fit on a screen, and the field's words.</summary>
public sealed partial class SourceTests
{
    private static readonly string[] s_code = ["*.cs", "*.js", "*.mjs", "*.ts", "*.css", "*.html", "*.py", "*.sh", "*.csproj", "*.proto"];
    private static readonly string[] s_othersFolders = ["bin", "obj", "node_modules"];
    private static readonly string[] s_othersNames = ["ExtractMostSignificantBits", "ReadAtLeast", "ReadAtLeastAsync"];

    [Fact]
    public void No_line_of_code_is_longer_than_140() =>
        AssertNone(LinesBeyond(140, [.. s_code.SelectMany(pattern => Files(pattern, "src", "tests"))]));

    [Fact]
    public void No_line_of_a_document_is_longer_than_120() => AssertNone(LinesBeyond(120, Documents()));

    [Fact]
    public void Every_file_that_a_document_links_to_is_there()
    {
        var broken = from document in Documents()
                     from link in Link().Matches(File.ReadAllText(document))
                     let target = link.Groups[1].Value
                     where !Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target))
                     select $"{Path.GetRelativePath(Clone.PathOf(), document)}: {target}";
        AssertNone(broken.ToArray());
    }

    [Fact]
    public void Names_say_min_and_max_but_for_five()
    {
        var names = Files("*.cs", "src", "tests").SelectMany(file => Superlative().Matches(File.ReadAllText(file)))
            .Select(match => match.Value).Except(s_othersNames).ToArray();
        Assert.True(names.Length <= 5, string.Join(", ", names));
    }

    private static void AssertNone(string[] places) => Assert.True(places.Length == 0, string.Join('\n', places));

    private static string[] Files(string pattern, params string[] folders) =>
    [
        .. folders.SelectMany(folder => Directory.GetFiles(Clone.PathOf(folder), pattern, SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(Clone.PathOf(), file).Split(Path.DirectorySeparatorChar).Intersect(s_othersFolders).Any()),
    ];

    private static string[] Documents() =>
        [.. Files("*.md", "src", "tests", "deploy"), .. Directory.GetFiles(Clone.PathOf(), "*.md")];

    private static string[] LinesBeyond(int length, string[] files) =>
    [
        .. files.SelectMany(file => File.ReadLines(file)
            .Select((line, index) => (Text: line, Place: $"{Path.GetRelativePath(Clone.PathOf(), file)}:{index + 1}"))
            .Where(line => line.Text.Length > length).Select(line => line.Place)),
    ];

    /// <summary>A name with one of the two words in it; alone they may begin a sentence.</summary>
    [GeneratedRegex(@"\b(\w+(Least|Most)(?![a-z])\w*|(Least|Most)[A-Z]\w*)")]
    private static partial Regex Superlative();

    /// <summary>A relative link in Markdown or HTML, without what follows a '#'.</summary>
    [GeneratedRegex("(?:\\]\\(|^\\[[^]]+\\]: |src(?:set)?=\")(?!https?:|#)([^)\\s\"#]+)", RegexOptions.Multiline)]
    private static partial Regex Link();
}
