using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MnistApi.Inference;
using MnistApi.Overload;
using MnistApi.Problems;
using MnistApi.TestData;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Overload;

/// <summary>
/// More long work than the service takes on. The tests take the turns themselves, so nothing depends on how long work takes.
/// </summary>
public sealed class OverloadTests
{
    /// <summary>The seven on 280x280: long work by its size.</summary>
    private static readonly byte[] s_large = Pictures.Enlarged(10);

    [Fact]
    public async Task Beyond_the_queue_long_work_is_turned_away_at_once_while_all_else_is_answered()
    {
        await using var service = new Service("Production", ("Overload:Concurrency", "1"), ("Overload:Queue", "0"));
        var client = service.CreateClient();
        var admission = service.Services.GetRequiredService<Admission>();
        using (await admission.AdmitAsync(new DefaultHttpContext()))
        {
            foreach (var sent in new[] { Post(client, "image/png", s_large), client.PostFilesAsync(("file", "large.png", s_large)) })
            {
                Assert.Equal("1", (await sent).Headers.GetValues("Retry-After").Single());
                Assert.StartsWith("the service has all the work it takes on at once (1 requests under way, 0 waiting)",
                    await sent.ProblemAsync(HttpStatusCode.ServiceUnavailable));
            }
            await Post(client, "application/octet-stream", new byte[(256 << 10) / 784 * 784 + 784])
                .ProblemAsync(HttpStatusCode.ServiceUnavailable);
            Assert.Equal(7, (await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync()).Predictions[0].Digit);
            Assert.Equal(
                7, (await client.PostJsonAsync($"{{\"instances\":[{Pictures.SevenJson}]}}").PredictionsAsync()).Predictions[0].Digit);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
            Assert.Contains("mnist_work_running", await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
        }
        Assert.Equal(7, (await Post(client, "image/png", s_large).PredictionsAsync()).Predictions[0].Digit);
        Assert.Equal((0, 0), (admission.Running, admission.Waiting));
    }

    [Fact]
    public async Task A_large_picture_is_turned_away_by_its_header_before_the_rest_has_come()
    {
        await using var service = new Service(
            "Production", ("Overload:Concurrency", "1"), ("Overload:Queue", "0"), ("urls", "http://127.0.0.1:0"));
        service.UseKestrel(); // with a port here the factory would change the addresses while Program may be listening already
        var address = service.CreateClient().BaseAddress!;
        using var turn = await service.Services.GetRequiredService<Admission>().AdmitAsync(new DefaultHttpContext());
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var head = Encoding.ASCII.GetBytes(
            $"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: {s_large.Length}\r\n\r\n");
        await client.GetStream().WriteAsync((byte[])[.. head, .. s_large.AsSpan(0, 100)], TestContext.Current.CancellationToken);
        using var answer = new StreamReader(client.GetStream());
        var status = await answer.ReadLineAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal("HTTP/1.1 503 Service Unavailable", status);
    }

    [Fact]
    public async Task An_evaluation_is_long_work_too()
    {
        await Mnist.TestAsync();
        await using var service = new Service("Production", ("Overload:Concurrency", "1"), ("Overload:Queue", "0"));
        using var turn = await service.Services.GetRequiredService<Admission>().AdmitAsync(new DefaultHttpContext());
        await service.CreateClient().GetAsync("/eval", TestContext.Current.CancellationToken)
            .ProblemAsync(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task What_waits_is_answered_when_its_turn_comes()
    {
        await using var service = new Service("Production", ("Overload:Concurrency", "1"), ("Overload:Queue", "1"));
        var client = service.CreateClient();
        var admission = service.Services.GetRequiredService<Admission>();
        var turn = await admission.AdmitAsync(new DefaultHttpContext());
        var waiting = Post(client, "image/png", s_large);
        while (admission.Waiting == 0)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        await Post(client, "image/png", s_large).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.False(waiting.IsCompleted);
        turn.Dispose();
        Assert.Equal(7, (await waiting.PredictionsAsync()).Predictions[0].Digit);
    }

    [Fact]
    public async Task A_client_that_hangs_up_while_it_waits_leaves_its_place_to_others()
    {
        using var admission = new Admission(new OverloadOptions { Concurrency = 1, Queue = 1 }, heldBytes: 0);
        var turn = await admission.AdmitAsync(new DefaultHttpContext());
        using var gone = new CancellationTokenSource();
        var waiting = admission.AdmitAsync(new DefaultHttpContext { RequestAborted = gone.Token });
        Assert.Equal((1, 1), (admission.Running, admission.Waiting));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        Assert.Equal((1, 0), (admission.Running, admission.Waiting));
        var next = admission.AdmitAsync(new DefaultHttpContext());
        turn.Dispose();
        turn.Dispose(); // the second time is none
        (await next).Dispose();
        Assert.Equal((0, 0), (admission.Running, admission.Waiting));
    }

    [Fact]
    public async Task One_client_cannot_take_the_others_places()
    {
        using var admission = new Admission(new OverloadOptions { Concurrency = 2, Queue = 2, PerClient = 1 }, heldBytes: 0);
        using var first = await admission.AdmitAsync(From("192.0.2.1"));
        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await admission.AdmitAsync(From("192.0.2.1")));
        Assert.Equal((Refusal.Busy, "expected at most 1 requests with long work from one client at a time, got more"),
            (refused.Reason, refused.Message));
        using var other = await admission.AdmitAsync(From("192.0.2.2"));
        first.Dispose();
        using var again = await admission.AdmitAsync(From("192.0.2.1"));
        Assert.Equal(2, admission.Running);
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Bodies_that_there_is_no_memory_for_are_turned_away_and_those_under_way_go_on(string type)
    {
        const int Megabyte = 1 << 20;
        const int Max = 3 * Megabyte + Megabyte / 2; // three arrays of one and what the last is copied from, but no fourth
        await using var service = new ServiceProcess(
            ["--urls", "http://127.0.0.1:0"], ("Limits__BodyBytes", $"{Megabyte}"), ("Overload__HeldBytes", $"{Max}"));
        using var client = await service.ClientAsync();
        var release = new TaskCompletionSource();
        var images = new byte[1000 * MnistImage.Pixels];
        var underWay = new List<Task<HttpResponseMessage>>();
        for (var held = 1; held <= 3; held++)
        {
            underWay.Add(client.PostAsync("/predict", new PausedBody("application/octet-stream", images, before: 600_000, release.Task),
                TestContext.Current.CancellationToken));
            await HeldAsync(client, held * Megabyte);
        }

        byte[] large = [.. "--x\r\nContent-Disposition: form-data; name=file; filename=a.png\r\n\r\n"u8, .. images];
        var refused = await client.PostAsync(type, large);
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        Assert.Equal($"the service holds all the request bodies that it has memory for ({Max} bytes); try again later",
            await Task.FromResult(refused).ProblemAsync(HttpStatusCode.ServiceUnavailable));
        using var another = new HttpClient { BaseAddress = client.BaseAddress }; // the refused one's connection is closed
        Assert.Equal(7, (await another.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync()).Predictions[0].Digit);

        release.SetResult();
        foreach (var answer in underWay)
            Assert.Equal(1000, (await answer.PredictionsAsync()).Predictions.Count);
        await HeldAsync(client, 0);
    }

    private static async Task HeldAsync(HttpClient client, int bytes)
    {
        var patience = Stopwatch.StartNew();
        while (!(await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).Split('\n').Any(line => Held(line, bytes)))
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), $"never {bytes} bytes");

        static bool Held(string line, int bytes) =>
            line.StartsWith("mnist_bodies_held_bytes", StringComparison.Ordinal) && line.Split(' ') is [_, var value, ..]
                && value == bytes.ToString(CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed()
    {
        await using var service = new ServiceProcess(["--urls", "http://127.0.0.1:0"], ("Overload__Connections", "2"));
        using var client = await service.ClientAsync();
        Assert.Equal(7, (
            await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync()).Predictions[0].Digit); // on the first, which is kept
        using var second = new TcpClient();
        await second.ConnectAsync(client.BaseAddress!.Host, client.BaseAddress.Port, TestContext.Current.CancellationToken);
        await second.GetStream()
            .WriteAsync("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.True(await second.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken) > 0);
        using var third = new TcpClient();
        await third.ConnectAsync(client.BaseAddress.Host, client.BaseAddress.Port, TestContext.Current.CancellationToken);
        Assert.Equal(0, await third.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    private static DefaultHttpContext From(string address) => new() { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };

    private static Task<HttpResponseMessage> Post(HttpClient client, string type, byte[] body) => client.PostAsync(type, body);

    /// <summary>A body that stops after its first bytes until it may go on.</summary>
    private sealed class PausedBody : HttpContent
    {
        private readonly ReadOnlyMemory<byte> _body;
        private readonly int _before;
        private readonly Task _release;

        public PausedBody(string type, byte[] body, int before, Task release)
        {
            (_body, _before, _release) = (body, before, release);
            Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_body[.._before]);
            await stream.FlushAsync();
            await _release;
            await stream.WriteAsync(_body[_before..]);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
