using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace MnistApi.Tests.Startup;

/// <summary>What is around the service: a path prefix, other origins, HEAD, an end while a body comes.</summary>
public sealed class AroundTests
{
    private static readonly string[] s_anyPort = ["--urls", "http://127.0.0.1:0"];

    [Fact]
    public async Task Behind_a_prefix_the_document_leads_back_to_where_it_came_from()
    {
        await using var service = new ServiceProcess(s_anyPort, ("PathBase", "/mnist"), ("Access__Proxies__0", "127.0.0.1"));
        using var client = await service.ClientAsync();
        var address = new Uri(client.BaseAddress!, "/mnist/swagger/v1/swagger.json");
        var document = await client.GetFromJsonAsync<JsonNode>(address, TestContext.Current.CancellationToken);
        var server = (string)document!["servers"]![0]!["url"]!;
        Assert.Equal("../..", server);
        var model = new Uri(address, $"{server}/model");
        Assert.Equal("/mnist/model", model.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(model, TestContext.Current.CancellationToken)).StatusCode);
        // A proxy that takes the prefix away says what it was.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/model") { Headers = { { "X-Forwarded-Prefix", "/digits" } } };
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_prefix_that_is_none_ends_the_start()
    {
        await using var service = new ServiceProcess(s_anyPort, ("PathBase", "mnist/"));
        Assert.Equal(1, await service.ExitCodeAsync());
        Assert.Contains("PathBase (environment variable PathBase): expected a path such as /mnist, got 'mnist/'", service.Error);
    }

    [Theory]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/model", 200)]
    [InlineData("/metrics", 200)]
    [InlineData("/v2/health/ready", 200)]
    [InlineData("/", 200)]
    [InlineData("/nothing", 404)]
    [InlineData("/predict", 405)]
    public async Task Head_is_answered_as_get_is_without_a_body(string path, int status)
    {
        await using var service = new ServiceProcess(s_anyPort);
        using var client = await service.ClientAsync();
        var answer = await RawAsync(client.BaseAddress!.Port, $"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.EndsWith("\r\n\r\n", answer);
    }

    [Fact]
    public async Task An_upload_that_stalls_holds_the_end_up_no_longer_than_its_grace()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM");
        await using var service = new ServiceProcess(s_anyPort);
        using var client = await service.ClientAsync();
        using var socket = new TcpClient("127.0.0.1", client.BaseAddress!.Port);
        var stream = socket.GetStream();
        const string Head = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 784\r\n"
            + "Expect: 100-continue\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head), TestContext.Current.CancellationToken);
        await stream.ReadExactlyAsync(new byte["HTTP/1.1 100 Continue\r\n\r\n".Length], TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        await service.TerminateAsync();
        var answer = await new StreamReader(stream).ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await service.ExitCodeAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(15));
        Assert.StartsWith("HTTP/1.1 408 ", answer);
        Assert.Contains("the body came too slowly, expected 1024 bytes a second or more, and no pause beyond 5 seconds", answer);
    }

    [Fact]
    public async Task Other_origins_may_read_the_header_of_binary_answers()
    {
        await using var service = new Service("Production", ("Access:Origins:0", "https://example.org"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/model") { Headers = { { "Origin", "https://example.org" } } };
        var answer = await service.CreateClient().SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("Inference-Header-Content-Length", answer.Headers.GetValues("Access-Control-Expose-Headers").Single());
    }

    private static async Task<string> RawAsync(int port, string request)
    {
        using var socket = new TcpClient("127.0.0.1", port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        return await new StreamReader(stream, Encoding.Latin1).ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
