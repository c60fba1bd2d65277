using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MnistApi.Imaging;
using MnistApi.Inference;
using MnistApi.Overload;
using MnistApi.Problems;

namespace MnistApi.Tests.Overload;

/// <summary>More long work than the service takes on. The tests take the turns themselves, so nothing depends on how long work takes.</summary>
public sealed class OverloadTests
{
    private const int Times = 10;

    /// <summary>The seven on 280x280: long work by its size.</summary>
    private static readonly byte[] s_large = PngEncoding.Encode(Enlarged(), Times * MnistImage.Width, Times * MnistImage.Height);

    [Fact]
    public async Task Beyond_the_queue_long_work_is_turned_away_at_once_while_all_else_is_answered()
    {
        await using var service = new Service("Production", ("Overload:Concurrency", "1"), ("Overload:Queue", "0"));
        var client = service.CreateClient();
        var gate = service.Services.GetRequiredService<WorkGate>();
        using (await gate.TakeTurnAsync(new DefaultHttpContext()))
        {
            foreach (var sent in new[] { Post(client, "image/png", s_large), client.PostFilesAsync(("file", "large.png", s_large)), client.GetAsync("/eval", TestContext.Current.CancellationToken) })
            {
                Assert.Equal("1", (await sent).Headers.GetValues("Retry-After").Single());
                Assert.StartsWith("the service has all the work it takes on at once (1 requests under way, 0 waiting)", await sent.ProblemAsync(HttpStatusCode.ServiceUnavailable));
            }
            await Post(client, "application/octet-stream", new byte[(256 << 10) / 784 * 784 + 784]).ProblemAsync(HttpStatusCode.ServiceUnavailable);
            Assert.Equal(7, (await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync()).Predictions[0].Digit);
            Assert.Equal(7, (await client.PostJsonAsync($"{{\"instances\":[{Pictures.SevenJson}]}}").PredictionsAsync()).Predictions[0].Digit);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
            Assert.Contains("mnist_work_running", await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
        }
        Assert.Equal(7, (await Post(client, "image/png", s_large).PredictionsAsync()).Predictions[0].Digit);
        Assert.Equal((0, 0), (gate.Running, gate.Waiting));
    }

    [Fact]
    public async Task What_waits_is_answered_when_its_turn_comes()
    {
        await using var service = new Service("Production", ("Overload:Concurrency", "1"), ("Overload:Queue", "1"));
        var client = service.CreateClient();
        var gate = service.Services.GetRequiredService<WorkGate>();
        var turn = await gate.TakeTurnAsync(new DefaultHttpContext());
        var waiting = Post(client, "image/png", s_large);
        while (gate.Waiting == 0)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        await Post(client, "image/png", s_large).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.False(waiting.IsCompleted);
        turn.Dispose();
        Assert.Equal(7, (await waiting.PredictionsAsync()).Predictions[0].Digit);
    }

    [Fact]
    public async Task A_client_that_hangs_up_while_it_waits_leaves_its_place_to_others()
    {
        using var gate = new WorkGate(new OverloadOptions { Concurrency = 1, Queue = 1 });
        var turn = await gate.TakeTurnAsync(new DefaultHttpContext());
        using var gone = new CancellationTokenSource();
        var waiting = gate.TakeTurnAsync(new DefaultHttpContext { RequestAborted = gone.Token });
        Assert.Equal((1, 1), (gate.Running, gate.Waiting));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        Assert.Equal((1, 0), (gate.Running, gate.Waiting));
        var next = gate.TakeTurnAsync(new DefaultHttpContext());
        turn.Dispose();
        turn.Dispose(); // the second time is none
        (await next).Dispose();
        Assert.Equal((0, 0), (gate.Running, gate.Waiting));
    }

    [Fact]
    public async Task One_client_cannot_take_the_others_places()
    {
        using var gate = new WorkGate(new OverloadOptions { Concurrency = 2, Queue = 2, PerClient = 1 });
        using var first = await gate.TakeTurnAsync(From("192.0.2.1"));
        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await gate.TakeTurnAsync(From("192.0.2.1")));
        Assert.Equal((Refusal.Busy, "expected at most 1 requests with long work from one client at a time, got more"), (refused.Reason, refused.Message));
        using var other = await gate.TakeTurnAsync(From("192.0.2.2"));
        first.Dispose();
        using var again = await gate.TakeTurnAsync(From("192.0.2.1"));
        Assert.Equal(2, gate.Running);
    }

    private static DefaultHttpContext From(string address) => new() { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };

    private static Task<HttpResponseMessage> Post(HttpClient client, string type, byte[] body) => client.PostAsync(type, body);

    private static byte[] Enlarged()
    {
        var large = new byte[Times * Times * MnistImage.Pixels];
        for (var y = 0; y < Times * MnistImage.Height; y++)
        {
            for (var x = 0; x < Times * MnistImage.Width; x++)
                large[y * Times * MnistImage.Width + x] = Pictures.Seven[y / Times * MnistImage.Width + x / Times];
        }
        return large;
    }
}
