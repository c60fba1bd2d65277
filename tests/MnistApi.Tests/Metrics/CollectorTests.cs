using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Metrics;

/// <summary>What a collector is sent, told by a listener that keeps the bytes: names stand in them as they are.</summary>
public sealed class CollectorTests : IAsyncLifetime
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string CallersSpan = "00f067aa0ba902b7";

    private readonly ConcurrentQueue<(string Path, byte[] Body)> _sent = new();
    private WebApplication _collector = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _collector = builder.Build();
        _collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _sent.Enqueue((context.Request.Path, body.ToArray()));
        });
        await _collector.StartAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Fact]
    public async Task A_request_is_one_span_of_its_callers_trace_with_an_event_for_each_stage()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM");
        await using var service = new ServiceProcess(["--urls", "http://127.0.0.1:0"],
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        using var client = await service.ClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict") { Content = new ByteArrayContent(Pictures.SevenPng) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        request.Headers.Add("traceparent", $"00-{TraceId}-{CallersSpan}-01");
        (await client.SendAsync(request, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await service.TerminateAsync(); // sends what was not sent yet
        Assert.Equal(0, await service.ExitCodeAsync());

        var span = Assert.Single(_sent, sent => sent.Path == "/v1/traces" && Has(sent.Body, "/predict")).Body;
        Assert.True(span.AsSpan().IndexOf(Convert.FromHexString(TraceId)) >= 0);
        Assert.True(span.AsSpan().IndexOf(Convert.FromHexString(CallersSpan)) >= 0);
        foreach (var name in new[] { "decode", "preprocess", "forward", "serialise", "mnist-api" })
            Assert.True(Has(span, name), name);
        Assert.Contains(_sent,
            sent => sent.Path == "/v1/metrics" && Has(sent.Body, "mnist.predictions") && Has(sent.Body, "http.server.request.duration"));
    }

    private static bool Has(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
