using System.Diagnostics;
using MnistApi.TestData;

namespace MnistApi.Cli.Tests.Libraries;

/// <summary>
/// Files that numpy, PyTorch, ONNX and scikit-learn themselves wrote for these tests (write.py). Where Python does not have them the
/// tests are skipped, or fail if FRAMEWORKS_REQUIRED=1. Debian: python3-torch python3-onnx python3-sklearn libopenblas0-pthread.
/// </summary>
public sealed class LibraryFiles : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("libraries");
    private string? _problem;

    /// <summary>The folder; skips the test where there are no such libraries.</summary>
    public string Folder
    {
        get
        {
            Assert.SkipUnless(_problem is null || Environment.GetEnvironmentVariable("FRAMEWORKS_REQUIRED") == "1",
                $"needs a Python with torch, onnx and scikit-learn; with FRAMEWORKS_REQUIRED=1 it fails instead: {_problem}");
            Assert.True(_problem is null, _problem);
            return _folder.FullName;
        }
    }

    public float[] Floats(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, name));
        return [.. Enumerable.Range(0, bytes.Length / sizeof(float)).Select(i => BitConverter.ToSingle(bytes, i * sizeof(float)))];
    }

    public async ValueTask InitializeAsync() =>
        _problem = await PythonAsync(Clone.PathOf("tests", "MnistApi.Cli.Tests", "Libraries", "write.py"), _folder.FullName);

    /// <summary>Runs Python; the last line of what it complains of, or null.</summary>
    public static async Task<string?> PythonAsync(params string[] args)
    {
        // Debian's packages are for Debian's own interpreter, which need not be the first in the path.
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        var start = new ProcessStartInfo(python, args) { RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var limit = new CancellationTokenSource(s_patience);
            await process.WaitForExitAsync(limit.Token);
            await output;
            return process.ExitCode == 0 ? null : (await error).Trim().Split('\n')[^1];
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            return error.Message;
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
