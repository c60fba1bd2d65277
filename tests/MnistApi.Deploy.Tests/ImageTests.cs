using System.Text.RegularExpressions;
using System.Xml.Linq;
using MnistApi.TestData;

namespace MnistApi.Deploy.Tests;

/// <summary>What the Dockerfile says of the image. What the image then is, deploy/try.sh finds out.</summary>
public sealed class ImageTests
{
    private readonly string _dockerfile = File.ReadAllText(Clone.PathOf("Dockerfile"));

    [Fact]
    public void Has_the_version_and_the_licence_of_what_is_in_it()
    {
        var properties = XDocument.Load(Clone.PathOf("Directory.Build.props")).Root!;
        Assert.Equal(properties.Descendants("Version").Single().Value, Label("version"));
        Assert.Equal(properties.Descendants("PackageLicenseExpression").Single().Value, Label("licenses"));
    }

    [Fact]
    public void Names_the_base_image_that_it_is_made_from() =>
        Assert.Equal(Regex.Matches(_dockerfile, @"^FROM (\S+)", RegexOptions.Multiline)[^1].Groups[1].Value, Label("base.name"));

    private string Label(string name) =>
        Assert.Single(Regex.Matches(_dockerfile, $"org\\.opencontainers\\.image\\.{Regex.Escape(name)}=\"([^\"]*)\"")).Groups[1].Value;
}
