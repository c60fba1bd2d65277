using System.ComponentModel;
using System.Diagnostics;
using YamlDotNet.RepresentationModel;

namespace MnistApi.Deploy.Tests;

/// <summary>The manifests of deploy/ as they would be applied: what kustomize renders of an overlay, or the file itself.</summary>
internal static class Manifests
{
    public static TheoryData<string> All =>
    [
        "kubernetes/base", "kubernetes/overlays/development", "kubernetes/overlays/production", "kserve/inference-service.yaml", "knative/service.yaml",
    ];

    private static string Root { get; } = Find();

    public static async Task<string> TextAsync(string name) =>
        name.EndsWith(".yaml", StringComparison.Ordinal)
            ? await File.ReadAllTextAsync(Path.Combine(Root, name))
            : (await RunAsync("kubectl", ["kustomize", Path.Combine(Root, name)])).Output;

    public static async Task<YamlMappingNode[]> DocumentsAsync(string name)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(await TextAsync(name)));
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

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

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MnistApi.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("MnistApi.sln is in no folder above the tests");
        return Path.Combine(folder.FullName, "deploy");
    }
}
