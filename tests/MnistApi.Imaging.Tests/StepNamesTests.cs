using System.Text.RegularExpressions;

namespace MnistApi.Imaging.Tests;

public sealed class StepNamesTests
{
    [Fact]
    public void The_readme_lists_the_steps_in_their_order()
    {
        var listed = Regex.Matches(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Imaging.README.md")), @"^\d+\. (.+)$", RegexOptions.Multiline);
        Assert.Equal(StepNames.All, listed.Select(match => match.Groups[1].Value.TrimEnd('\r')));
    }

    [Fact]
    public void Every_step_has_one_name() =>
        Assert.All(Enum.GetValues<Steps>().Where(step => step != Steps.None), step => Assert.Single(StepNames.Of(step)));
}
