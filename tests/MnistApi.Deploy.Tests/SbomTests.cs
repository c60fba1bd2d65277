using System.Text.Json;
using MnistApi.TestData;

namespace MnistApi.Deploy.Tests;

/// <summary>What deploy/sbom.sh writes, against what the service was built with.</summary>
public sealed class SbomTests
{
    [Fact]
    public async Task Names_every_package_that_the_service_runs_with_its_licence_and_its_checksum()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".json");
        try
        {
            var (exitCode, output) = await Manifests.RunAsync("bash", [Clone.PathOf("deploy", "sbom.sh"), file]);
            Assert.True(exitCode == 0, output);
            using var sbom = JsonDocument.Parse(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
            var required = sbom.RootElement.GetProperty("components").EnumerateArray()
                .Where(component => component.GetProperty("scope").GetString() == "required" && component.TryGetProperty("purl", out _))
                .ToDictionary(component => component.GetProperty("purl").GetString()!);

            var packages = RuntimePackages();
            // ImageSharp is a reference of a reference.
            Assert.Contains(packages, package => package.StartsWith("pkg:nuget/SixLabors.ImageSharp@", StringComparison.Ordinal));
            Assert.All(packages, package => Assert.Contains(package, required.Keys));
            Assert.All(required.Values, component =>
            {
                Assert.NotEmpty(component.GetProperty("licenses").EnumerateArray());
                Assert.Contains(component.GetProperty("hashes").EnumerateArray(), hash => hash.GetProperty("alg").GetString() == "SHA-512");
            });
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>By the service's deps.json, which comes here by way of the project reference.</summary>
    private static string[] RuntimePackages()
    {
        using var deps = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "MnistApi.deps.json")));
        var root = deps.RootElement;
        var target = root.GetProperty("targets").GetProperty(root.GetProperty("runtimeTarget").GetProperty("name").GetString()!);
        return
        [
            .. target.EnumerateObject()
                .Where(library => root.GetProperty("libraries").GetProperty(library.Name).GetProperty("type").GetString() == "package")
                .Where(library => library.Value.EnumerateObject().Any(asset => asset.Name is "runtime" or "native" or "runtimeTargets"))
                .Select(library => "pkg:nuget/" + library.Name.Replace('/', '@')),
        ];
    }
}
