using MnistApi.TestData;

namespace MnistApi.Tests;

/// <summary>No formatter looks at the length of lines, so a test does.</summary>
public sealed class LineLengthTests
{
    private const int Max = 140;

    [Theory]
    [InlineData("src/MnistApi")]
    [InlineData("tests/MnistApi.Tests")]
    public void No_line_is_longer_than_a_reader_sees(string folder)
    {
        var files = Directory.EnumerateFiles(Clone.PathOf(folder.Split('/')), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var tooLong = files.SelectMany(file => File.ReadLines(file).Index()
            .Where(line => line.Item.Length > Max).Select(line => $"{file}:{line.Index + 1}"));
        Assert.Empty(tooLong);
    }
}
