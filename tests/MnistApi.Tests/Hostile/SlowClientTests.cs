using System.Net.Sockets;
using System.Text;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Hostile;

/// <summary>Clients that take their time: each is sent away after the grace that ConnectionLimits gives, and nobody else waits.</summary>
[Trait("Category", "Slow")]
public sealed class SlowClientTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(
        60); // several times what is given; beyond it the service would wait for ever

    private readonly ServiceProcess _service = new(["--urls", "http://127.0.0.1:0"]);
    private HttpClient _client = new();

    public async ValueTask InitializeAsync() => _client = await _service.ClientAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    /// <summary>All at once, so that the test takes as long as the slowest.</summary>
    [Fact]
    public async Task They_are_sent_away()
    {
        var answers = await Task.WhenAll(
            DripAsync("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 100000\r\n\r\n"),
            DripAsync("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n"),
            DripAsync("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                + "Content-Length: 100000\r\n\r\n--x\r\n"),
            DripAsync("POST /predict HTTP/1.1\r\nHost: x\r\nX-A: "));
        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 408 ", answer));
        // in the usual shape where the service reads the body itself
        Assert.All(answers[..3], answer => Assert.Contains("\"status\":408", answer));
        await _client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync();
        Assert.DoesNotContain(" 500 ", _service.Output);
        Assert.DoesNotContain("   at ", _service.Output);
    }

    /// <summary>
    /// It asks for megabytes of answers and reads none: the service stops reading its requests, so it costs little. (It is cut off once it
    /// owes a kilobyte a second, which for megabytes takes an hour.)
    /// </summary>
    [Fact]
    public async Task One_that_does_not_read_waits_alone()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync("127.0.0.1", _client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        const string Head = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 784000\r\n\r\n";
        byte[] request = [.. Encoding.Latin1.GetBytes(Head), .. new byte[784_000]];
        var before = _service.PeakMebibytes;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            for (var sent = 0; sent < 1000; sent++)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
                await socket.SendAsync(request, patience.Token); // until the service takes no more
            }
        });
        Assert.InRange(_service.PeakMebibytes - before, 0, 64);
        await _client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync();
        Assert.DoesNotContain(" 500 ", _service.Output);
    }

    /// <summary>
    /// Sends a beginning, then a byte a tenth of a second; returns what comes back until the service closes the connection.
    /// </summary>
    private async Task<string> DripAsync(string beginning)
    {
        using var socket = new TcpClient("127.0.0.1", _client.BaseAddress!.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource(s_patience);
        var dripping = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    await Task.Delay(100, patience.Token);
                    await stream.WriteAsync("a"u8.ToArray(), patience.Token);
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // sent away
            }
        });
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, patience.Token)) > 0;)
                answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // closed while a byte was on its way
        }
        await patience.CancelAsync();
        await dripping;
        return answer.ToString();
    }
}
