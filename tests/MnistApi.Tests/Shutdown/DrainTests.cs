using System.Net;
using System.Net.Sockets;
using System.Text;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Shutdown;

/// <summary>What becomes of requests when the service is told to stop.</summary>
public sealed class DrainTests
{
    private const string AnyPort = "http://127.0.0.1:0";

    [Fact]
    public async Task While_it_drains_it_is_not_ready_answers_as_before_and_tells_connections_to_close()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM");
        await using var service = new ServiceProcess(["--urls", AnyPort], ("Shutdown__DrainSeconds", "8"));
        using var client = await service.ClientAsync();
        var before = await client.PostAsync("image/png", Pictures.SevenPng);
        Assert.NotEqual(true, before.Headers.ConnectionClose);

        await service.TerminateAsync();
        HttpResponseMessage ready;
        do
        {
            ready = await client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        }
        while (ready.StatusCode == HttpStatusCode.OK);
        Assert.Equal("the service is stopping", await Task.FromResult(ready).ProblemAsync(HttpStatusCode.ServiceUnavailable));
        var again = await client.GetAsync(
            "/health/ready", TestContext.Current.CancellationToken); // the first one may have come before the signal
        Assert.True(again.Headers.ConnectionClose);
        var during = client.PostAsync("image/png", Pictures.SevenPng);
        Assert.Equal(7, (await during.PredictionsAsync()).Predictions[0].Digit);
        Assert.True((await during).Headers.ConnectionClose);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(0, await service.ExitCodeAsync());
    }

    [Fact]
    public async Task Work_under_way_is_finished_and_new_connections_are_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM");
        await using var service = new ServiceProcess(["--urls", AnyPort]);
        using var client = await service.ClientAsync();
        using var socket = new TcpClient("127.0.0.1", client.BaseAddress!.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 784\r\n"
            + "Expect: 100-continue\r\n\r\n"), TestContext.Current.CancellationToken);
        await stream.ReadExactlyAsync(
            new byte["HTTP/1.1 100 Continue\r\n\r\n".Length], TestContext.Current.CancellationToken); // so the request is under way

        await service.TerminateAsync();
        while (await IsListeningAsync(client.BaseAddress!.Port))
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await stream.WriteAsync(Pictures.Seven, TestContext.Current.CancellationToken);
        var answer = await new StreamReader(stream).ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200 OK", answer);
        Assert.Contains("\"digit\":7", answer);
        Assert.Equal(0, await service.ExitCodeAsync());
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
