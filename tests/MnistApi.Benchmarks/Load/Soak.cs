using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace MnistApi.Benchmarks.Load;

/// <summary>
/// Good and bad requests in a random mix for a long time. Fails where a good one is not answered rightly, a bad one is answered with
/// success or a failure of the service, or where memory, handles or threads of the service keep growing.
/// </summary>
internal sealed class Soak : IDisposable
{
    private const int Port = 9111;
    private const int Callers = 4;
    private const int MemorySlackMiB = 16;
    private const int CountSlack = 20;

    private readonly Process _service;
    private readonly HttpClient _client = new() { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = TimeSpan.FromSeconds(30) };
    private readonly List<Sample> _samples = [];
    private readonly List<string> _failures = [];
    private long _good;
    private long _bad;

    private Soak(string command) => _service = OverloadTest.Start(command, Port);

    private readonly record struct Sample(double MemoryMiB, int Handles, int Threads);

    /// <returns>The exit code: 0 where nothing failed and nothing grew.</returns>
    public static async Task<int> RunAsync(double minutes, string command, TextWriter output)
    {
        using var soak = new Soak(command);
        return await soak.RunAsync(TimeSpan.FromMinutes(minutes), output);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Kill(entireProcessTree: true);
        _service.WaitForExit();
        _service.Dispose();
    }

    private async Task<int> RunAsync(TimeSpan time, TextWriter output)
    {
        using var done = new CancellationTokenSource(time);
        var callers = Enumerable.Range(0, Callers).Select(seed => Task.Run(() => CallAsync(new Random(seed), done.Token))).ToArray();
        var clock = Stopwatch.StartNew();
        output.WriteLine("| minutes | good answers | bad requests refused | failures | memory, MiB | handles | threads |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        var interval = TimeSpan.FromSeconds(Math.Clamp(time.TotalSeconds / 20, 1, 60));
        while (!done.IsCancellationRequested)
        {
            await Task.Delay(interval, done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _service.Refresh();
            if (_service.HasExited)
            {
                _failures.Add($"the service ended with {_service.ExitCode}");
                await done.CancelAsync();
                break;
            }
            var handles = Directory.GetFileSystemEntries($"/proc/{_service.Id}/fd").Length;
            var sample = new Sample(_service.WorkingSet64 / 1048576.0, handles, _service.Threads.Count);
            _samples.Add(sample);
            lock (_failures)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {clock.Elapsed.TotalMinutes:F1} | {_good} | {_bad} | {_failures.Count} | "
                    + $"{sample.MemoryMiB:F0} | {sample.Handles} | {sample.Threads} |"));
            }
        }
        await Task.WhenAll(callers);
        _failures.AddRange(Growth());
        foreach (var failure in _failures.Take(20))
            output.WriteLine(failure);
        return _failures.Count == 0 && _good > 0 && _bad > 0 ? 0 : 1;
    }

    /// <summary>What the last third of the time had more of than the second; the first is for warming up.</summary>
    private IEnumerable<string> Growth()
    {
        var third = _samples.Count / 3;
        if (third == 0)
            yield break;
        var (second, last) = (_samples[third..^third], _samples[^third..]);
        if (Median(last, one => one.MemoryMiB) > Median(second, one => one.MemoryMiB) * 1.05 + MemorySlackMiB)
            yield return "memory grows";
        if (Median(last, one => one.Handles) > Median(second, one => one.Handles) + CountSlack)
            yield return "handles grow";
        if (Median(last, one => one.Threads) > Median(second, one => one.Threads) + CountSlack)
            yield return "threads grow";
    }

    private async Task CallAsync(Random random, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            var kind = random.Next(16);
            try
            {
                await (kind switch
                {
                    0 or 1 => GoodAsync("application/json", LoadBodies.Json(1)),
                    2 => GoodAsync("application/json", LoadBodies.Json(100)),
                    3 or 4 => GoodAsync("image/png", LoadBodies.Png),
                    5 => GoodAsync("image/png", LoadBodies.Photograph),
                    6 or 7 => GoodAsync("application/octet-stream", LoadBodies.Pixels),
                    8 => GoodFormAsync(),
                    9 => RefusedAsync("image/png", LoadBodies.Png[..random.Next(LoadBodies.Png.Length)]),
                    10 => RefusedAsync("application/json", LoadBodies.Json(1)[..random.Next(100)]),
                    11 => RefusedAsync("application/json", Encoding.UTF8.GetBytes($"{{\"instances\":[[{random.Next()}]]}}")),
                    12 => RefusedAsync("text/plain", "a seven"u8.ToArray()), // a picture would be read whatever its type
                    13 => RefusedAsync("application/octet-stream", new byte[random.Next(1, 784)]),
                    14 => RefusedAsync("image/png", Garbled(random)),
                    _ => HangUpAsync(random),
                });
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
            {
                Fail($"request of kind {kind}: {failure.Message}");
            }
        }
    }

    private async Task GoodAsync(string contentType, byte[] body)
    {
        using var answer = await PostAsync(contentType, body);
        await CheckGoodAsync(answer);
    }

    private async Task GoodFormAsync()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(LoadBodies.Png), "file", "a.png" },
            { new ByteArrayContent(LoadBodies.Photograph), "file", "b.png" },
        };
        using var answer = await _client.PostAsync(new Uri("/predict", UriKind.Relative), form);
        await CheckGoodAsync(answer);
    }

    private async Task CheckGoodAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode == HttpStatusCode.OK && text.Contains($"\"digit\":{LoadBodies.Digit}", StringComparison.Ordinal))
            Interlocked.Increment(ref _good);
        else
            Fail($"a good request was answered with {(int)answer.StatusCode} {text[..Math.Min(200, text.Length)]}");
    }

    private async Task RefusedAsync(string contentType, byte[] body)
    {
        using var answer = await PostAsync(contentType, body);
        if ((int)answer.StatusCode is >= 400 and < 500)
            Interlocked.Increment(ref _bad);
        else
            Fail($"a bad request was answered with {(int)answer.StatusCode}");
    }

    /// <summary>Announces more than it sends, and is gone.</summary>
    private async Task HangUpAsync(Random random)
    {
        using var socket = new TcpClient { LingerState = new LingerOption(random.Next(2) == 0, 0) };
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        var request = LoadBodies.Request("image/png", LoadBodies.Photograph);
        await socket.GetStream().WriteAsync(request.AsMemory(0, random.Next(1, request.Length)));
        Interlocked.Increment(ref _bad);
    }

    private Task<HttpResponseMessage> PostAsync(string contentType, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return _client.PostAsync(new Uri("/predict", UriKind.Relative), content);
    }

    /// <summary>A PNG with one byte changed, in a place where a checksum notices it.</summary>
    private static byte[] Garbled(Random random)
    {
        byte[] png = [.. LoadBodies.Png];
        png[random.Next(16, 33)] ^= (byte)(1 << random.Next(8));
        return png;
    }

    private void Fail(string what)
    {
        lock (_failures)
            _failures.Add(what);
    }

    private static double Median(List<Sample> samples, Func<Sample, double> value) => samples.Select(value).Median();
}
