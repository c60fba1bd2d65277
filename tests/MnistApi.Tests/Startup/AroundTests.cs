using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MnistApi.Tests.Startup;

/// <summary>What is around the service: a path prefix, other origins, HEAD, an end while a body comes.</summary>
public sealed partial class AroundTests(RunningService running) : IClassFixture<RunningService>
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
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData(null)]
    public async Task Nobody_but_a_known_proxy_can_bend_links(string? proxies)
    {
        await using var other = proxies is null ? null : new ServiceProcess(s_anyPort, ("Access__Proxies__0", proxies));
        using var client = await (other ?? running.Process).ClientAsync();
        client.DefaultRequestHeaders.Add("X-Forwarded-Prefix", "/digits");
        await LinksBeginWithAsync(client, "");
    }

    /// <summary>A proxy that takes the prefix away says what it was: all that a browser follows leads to an address below it.</summary>
    [Fact]
    public async Task Behind_a_known_proxy_nothing_leads_out_of_the_prefix()
    {
        await using var service = new ServiceProcess(s_anyPort, ("Access__Proxies__0", "127.0.0.1"));
        using var known = await service.ClientAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = known.BaseAddress };
        client.DefaultRequestHeaders.Add("X-Forwarded-Prefix", "/digits");
        await LinksBeginWithAsync(client, "/digits");
        var links = new List<(string From, string To)>();
        foreach (var page in new[] { "/", "/chapter" })
        {
            var html = await client.GetStringAsync(page, TestContext.Current.CancellationToken);
            links.AddRange(Link().Matches(html).Select(link => (page, link.Groups[1].Value)).Where(link => !link.Value.StartsWith('#')));
        }
        const string Document = "/swagger/v1/swagger.json";
        var document = await client.GetFromJsonAsync<JsonNode>(Document, TestContext.Current.CancellationToken);
        links.Add((Document, $"{document!["servers"]![0]!["url"]}/model"));
        using var redirect = await client.GetAsync("/swagger", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MovedPermanently, redirect.StatusCode);
        links.Add(("/swagger", redirect.Headers.Location!.OriginalString));
        Assert.True(links.Count > 10, $"{links.Count}");
        foreach (var (from, to) in links)
        {
            var address = new Uri(new Uri($"http://example.org/digits{from}"), to);
            Assert.StartsWith("http://example.org/digits/", address.ToString(), StringComparison.Ordinal);
            using var answer = await client.GetAsync(address.AbsolutePath["/digits".Length..], TestContext.Current.CancellationToken);
            Assert.True((int)answer.StatusCode < 400, $"{from} leads to {address}: {answer.StatusCode}");
        }
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
        using var client = await running.Process.ClientAsync();
        var answer = await RawAsync(client.BaseAddress!.Port, $"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.EndsWith("\r\n\r\n", answer);
    }

    [Fact]
    public async Task Uploads_that_stall_hold_the_end_up_no_longer_than_their_grace()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM");
        await using var service = new ServiceProcess(s_anyPort);
        using var client = await service.ClientAsync();
        const string Part = "--x\r\nContent-Disposition: form-data; name=a; filename=a.png\r\n\r\nabc";
        using var raw = await StallAsync(client.BaseAddress!.Port, "application/octet-stream", "");
        using var form = await StallAsync(client.BaseAddress.Port, "multipart/form-data; boundary=x", "");
        using var part = await StallAsync(client.BaseAddress.Port, "multipart/form-data; boundary=x", Part);
        var watch = Stopwatch.StartNew();
        await service.TerminateAsync();
        foreach (var stalled in new[] { raw, form, part })
        {
            var answer = await new StreamReader(stalled.GetStream()).ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.StartsWith("HTTP/1.1 408 ", answer);
            Assert.Contains("the body came too slowly, expected 1024 bytes a second or more, and no pause beyond 5 seconds", answer);
        }
        Assert.Equal(0, await service.ExitCodeAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(15));
    }

    /// <summary>The one line says what came and what to do, however often it comes; what scanners send has none.</summary>
    [Fact]
    public async Task Http_2_on_the_port_of_http_1_has_one_line_in_the_log()
    {
        await using var service = new ServiceProcess(s_anyPort);
        using var client = await service.ClientAsync();
        foreach (var noise in new[] { "\u0016\u0003\u0001\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n" })
            await RawAsync(client.BaseAddress!.Port, noise);
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/model")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.SendAsync(request, TestContext.Current.CancellationToken));
        }
        const string Line = "HTTP/2, or a version that there is not, came to a port for HTTP/1: gRPC belongs on the port of Grpc:Port";
        for (var i = 0; i < 100 && !service.Output.Contains(Line, StringComparison.Ordinal); i++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        await client.GetAsync("/nowhere", TestContext.Current.CancellationToken); // its line comes after all of these
        for (var i = 0; i < 100 && !service.Output.Contains("/nowhere 404", StringComparison.Ordinal); i++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        var warnings = service.Output.Split('\n').Where(line => line.Contains(" WRN ", StringComparison.Ordinal)).ToArray();
        Assert.True(warnings.Length == 2, service.Output);
        Assert.Contains(Line, warnings[0], StringComparison.Ordinal);
        Assert.Contains("/nowhere 404", warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_origins_may_read_the_header_of_binary_answers()
    {
        await using var service = new Service("Production", ("Access:Origins:0", "https://example.org"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/model") { Headers = { { "Origin", "https://example.org" } } };
        var answer = await service.CreateClient().SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("Inference-Header-Content-Length", answer.Headers.GetValues("Access-Control-Expose-Headers").Single());
    }

    private static async Task LinksBeginWithAsync(HttpClient client, string prefix)
    {
        var functions = await client.GetFromJsonAsync<JsonNode>("/activations", TestContext.Current.CancellationToken);
        Assert.Equal($"{prefix}/activations/step", (string)functions!["activations"]![1]!["values"]!);
        Assert.Equal($"{prefix}/activations/step/plot.svg", (string)functions["activations"]![1]!["plot"]!);
    }

    /// <summary>Begins an upload that the service has asked for, and says no more.</summary>
    private static async Task<TcpClient> StallAsync(int port, string type, string beginning)
    {
        var socket = new TcpClient("127.0.0.1", port);
        var head = $"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nContent-Length: 784\r\nExpect: 100-continue\r\n\r\n";
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        await socket.GetStream().ReadExactlyAsync(
            new byte["HTTP/1.1 100 Continue\r\n\r\n".Length], TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(beginning), TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<string> RawAsync(int port, string request)
    {
        using var socket = new TcpClient("127.0.0.1", port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        return await new StreamReader(stream, Encoding.Latin1).ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Link();
}
