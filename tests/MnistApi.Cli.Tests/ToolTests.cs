using System.Diagnostics;
using MnistApi.TestData;

namespace MnistApi.Cli.Tests;

/// <summary>The package that dotnet pack makes, installed from a folder as people install it.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mnist-tool");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_installs_as_mnist()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var (packages, tools) = (_folder.CreateSubdirectory("packages").FullName, Path.Combine(_folder.FullName, "tools"));
        await RunAsync("dotnet", "pack", Clone.PathOf("src", "MnistApi.Cli"), "--no-build", "-c", configuration, "-o", packages);
        Assert.Matches(@"MnistApi\.Cli\.\d+\.\d+\.\d+\.nupkg$", Assert.Single(Directory.GetFiles(packages)));
        await RunAsync("dotnet", "tool", "install", "MnistApi.Cli", "--source", packages, "--tool-path", tools);

        var mnist = Path.Combine(tools, "mnist");
        Assert.Matches(@"^\d+\.\d+\.\d+", await RunAsync(mnist, "--version"));
        var help = await RunAsync(mnist, "convert", "--help");
        foreach (var framework in new[] { "numpy", "PyTorch", "Keras", "scikit-learn", "ONNX" })
            Assert.Contains($"  {framework} ", help);
        Assert.Contains("torch.save(model.state_dict(), \"w.pt\")", help);
        var weights = Path.Combine(AppContext.BaseDirectory, "Weights", "mnist-784-50-100-10.safetensors");
        Assert.Contains("784-50-100-10", await RunAsync(mnist, "inspect", weights));
    }

    private static async Task<string> RunAsync(string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', args)}: {await output}{await error}");
        return await output;
    }
}
