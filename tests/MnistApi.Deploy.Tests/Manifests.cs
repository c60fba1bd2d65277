using System.ComponentModel;
using System.Diagnostics;
using MnistApi.TestData;
using YamlDotNet.RepresentationModel;

namespace MnistApi.Deploy.Tests;

/// <summary>The manifests of deploy/ as they would be applied: what kustomize renders of an overlay, or the file itself.</summary>
internal static class Manifests
{
    public static TheoryData<string> All =>
    [
        "kubernetes/base", "kubernetes/overlays/development", "kubernetes/overlays/production", "kserve/inference-service.yaml",
        "knative/service.yaml",
    ];

    public static async Task<string> TextAsync(string name)
    {
        if (name.EndsWith(".yaml", StringComparison.Ordinal))
            return await File.ReadAllTextAsync(Clone.PathOf("deploy", name));
        var (exitCode, output) = await RunAsync("kubectl", ["kustomize", Clone.PathOf("deploy", name)]);
        Assert.Equal(0, exitCode);
        return output;
    }

    public static async Task<YamlMappingNode[]> DocumentsAsync(string name)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(await TextAsync(name)));
        Assert.NotEmpty(stream.Documents);
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    public static YamlMappingNode Of(IEnumerable<YamlMappingNode> documents, string kind) =>
        documents.Single(document => document["kind"].ToString() == kind);

    /// <summary>What a program prints; without the program the test is skipped, or fails where everything must run.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        try
        {
            using var process = Process.Start(start)!;
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output);
        }
        catch (Win32Exception error) when (Environment.GetEnvironmentVariable("DEPLOY_REQUIRED") != "1")
        {
            Assert.Skip($"{program} cannot be run: {error.Message}");
            throw;
        }
    }
}
