using System.Net.Sockets;
using System.Text;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Problems;

/// <summary>Bodies that break off or lie, over a real connection.</summary>
public sealed class BrokenBodyTests(RunningService running) : IClassFixture<RunningService>
{
    [Fact]
    public async Task A_chunk_size_beyond_numbers_is_400()
    {
        using var client = await running.Process.ClientAsync();
        using var socket = new TcpClient("127.0.0.1", client.BaseAddress!.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "FFFFFFFFFFFFFFFF\r\nab"), TestContext.Current.CancellationToken);
        var answer = await new StreamReader(stream).ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 400 Bad Request", answer);
        Assert.Contains("the body does not end where its length or its chunks say", answer);
    }

    [Fact]
    public async Task A_client_that_hangs_up_is_no_failure_of_the_service()
    {
        var service = running.Process;
        using var client = await service.ClientAsync();
        // A socket, not a TcpClient: that shuts down before it closes, and a body that ends too early is another case.
        using (var socket = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        { LingerState = new LingerOption(true, 0) })
        {
            await socket.ConnectAsync("127.0.0.1", client.BaseAddress!.Port, TestContext.Current.CancellationToken);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n"),
                    TestContext.Current.CancellationToken);
            Assert.True(await socket.ReceiveAsync(
                new byte[100], TestContext.Current.CancellationToken) > 0); // 100 Continue: it is reading the body
            await socket.SendAsync("abc"u8.ToArray(), TestContext.Current.CancellationToken);
        }
        for (var i = 0; i < 1200 && !service.Output.Contains(" 499 ", StringComparison.Ordinal); i++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Contains("POST /predict 499 in ", service.Output);
        Assert.DoesNotContain(" 500 ", service.Output);
        Assert.DoesNotContain("   at ", service.Output);
        Assert.Equal(7, (await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync()).Predictions[0].Digit);
    }
}
