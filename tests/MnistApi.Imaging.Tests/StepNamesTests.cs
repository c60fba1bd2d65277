using System.Text.RegularExpressions;

namespace MnistApi.Imaging.Tests;

public sealed class StepNamesTests
{
    [Fact]
    public void The_readme_lists_the_steps_in_their_order()
    {
        var listed = Regex.Matches(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Imaging.README.md")), @"^\d+\. (.+)$", RegexOptions.Multiline);
        var names = StepTable.All.Select(step => step.Name).Where(name => name.Length > 0);
        Assert.Equal(names, listed.Select(match => match.Groups[1].Value.TrimEnd('\r')));
    }
}
