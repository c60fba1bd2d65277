using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MnistApi.Tests.Startup;

/// <summary>A process on a port of its own, as it is without settings, for all tests of a class.</summary>
public sealed class RunningService : IAsyncDisposable
{
    internal ServiceProcess Process { get; } = new(["--urls", "http://127.0.0.1:0"]);

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}

/// <summary>The built executable in a process of its own, with nothing of this process's ASP.NET settings.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Uri> _httpsAddress = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServiceProcess(string[] args, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MnistApi.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToArray())
            start.Environment.Remove(name);
        start.Environment["DOTNET_TieredPGO"] = "0"; // as in the tests' own processes: tests/Directory.Build.props says why
        start.Environment["DOTNET_TC_CallCountThreshold"] = "3E8";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // code pages that stay writable: a tenth of the CPU of a start
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public string Error
    {
        get
        {
            lock (_error)
                return _error.ToString();
        }
    }

    /// <summary>The peak of the process's memory, by Linux's account; 0 elsewhere.</summary>
    public int PeakMebibytes => !OperatingSystem.IsLinux()
        ? 0
        : int.Parse(File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    /// <summary>A client for the address that the service says it listens on.</summary>
    public async Task<HttpClient> ClientAsync()
    {
        var exited = _process.WaitForExitAsync();
        var first = await Task.WhenAny(_address.Task, exited).WaitAsync(s_patience);
        Assert.True(first == _address.Task, $"the service ended with {(exited.IsCompleted ? _process.ExitCode : 0)}: {Output}{Error}");
        return new HttpClient { BaseAddress = await _address.Task };
    }

    /// <summary>The address for HTTPS, where it has one.</summary>
    public Task<Uri> HttpsAddressAsync() => _httpsAddress.Task.WaitAsync(s_patience);

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.Contains("__", StringComparison.Ordinal)
        || name is "DOTNET_ENVIRONMENT" or "DOTNET_RUNNING_IN_CONTAINER";

    private void Keep(StringBuilder kept, string? line)
    {
        if (line is null)
            return;
        lock (kept)
            kept.AppendLine(line);
        if (Listening().Match(line) is { Success: true } match)
        {
            (match.Groups[1].Value.StartsWith("https", StringComparison.Ordinal) ? _httpsAddress : _address)
                .TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: .*?(https?://[\w.:\[\]+*-]+)")]
    private static partial Regex Listening();
}
