using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MnistApi.Imaging;
using MnistApi.Overload;
using MnistApi.Tests.Grpc;
using MnistApi.Tests.Metrics;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Predict;

/// <summary>
/// What the pipeline promises to every protocol alike: each stage measured once, and the same work admitted in the same way.
/// </summary>
public sealed class PipelineTests(PipelineTests.Measured measured) : IClassFixture<PipelineTests.Measured>
{
    private const int Requests = 5;

    /// <summary>A picture whose size alone makes it long work.</summary>
    private static readonly byte[] s_large = PngEncoding.Encode(new byte[200 * 200], 200, 200);

    [Theory]
    [MemberData(nameof(EveryProtocol.Names), MemberType = typeof(EveryProtocol))]
    public async Task Five_requests_are_five_values_of_every_stage(string protocol)
    {
        string[] metrics =
        [
            "mnist_decode_duration_seconds_count", "mnist_preprocess_duration_seconds_count", "mnist_forward_duration_seconds_count",
            "mnist_serialise_duration_seconds_count", "mnist_request_images_count", "mnist_predictions_total",
        ];
        var before = await measured.ValuesAsync(metrics);
        for (var i = 0; i < Requests; i++)
            Assert.Equal(HttpStatusCode.OK, await EveryProtocol.SendAsync(protocol, measured.Client, measured.Channel, Pictures.SevenPng));
        Assert.Equal(before.Select(value => value + Requests), await measured.ValuesAsync(metrics));
    }

    [Theory]
    [MemberData(nameof(EveryProtocol.Names), MemberType = typeof(EveryProtocol))]
    public async Task Five_refusals_are_five_rejections(string protocol)
    {
        var damaged = Pictures.SevenPng[..60];
        var before = await measured.ValuesAsync("mnist_rejections_total");
        for (var i = 0; i < Requests; i++)
            Assert.Equal(HttpStatusCode.BadRequest, await EveryProtocol.SendAsync(protocol, measured.Client, measured.Channel, damaged));
        Assert.Equal(before.Select(value => value + Requests), await measured.ValuesAsync("mnist_rejections_total"));
    }

    [Theory]
    [MemberData(nameof(EveryProtocol.Names), MemberType = typeof(EveryProtocol))]
    public async Task When_all_turns_are_taken_a_small_picture_is_answered_and_a_large_one_refused(string protocol)
    {
        await using var service = new Service(
            "Production", ("Grpc:Port", "8081"), ("Overload:Concurrency", "1"), ("Overload:Queue", "0"));
        var client = service.CreateClient();
        using var channel = service.Channel();
        using var turn = await service.Services.GetRequiredService<Admission>().AdmitAsync(new DefaultHttpContext());
        Assert.Equal(HttpStatusCode.OK, await EveryProtocol.SendAsync(protocol, client, channel, Pictures.SevenPng));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await EveryProtocol.SendAsync(protocol, client, channel, s_large));
    }

    [Theory]
    [MemberData(nameof(EveryProtocol.Names), MemberType = typeof(EveryProtocol))]
    public async Task A_turn_ends_with_its_request_whether_it_was_answered_or_not(string protocol)
    {
        await using var service = new Service("Production", ("Grpc:Port", "8081"));
        using var channel = service.Channel();
        var admission = service.Services.GetRequiredService<Admission>();
        var large = Pictures.Enlarged(10);
        foreach (var (picture, status) in new[] { (large, HttpStatusCode.OK), (large[..^50], HttpStatusCode.BadRequest) })
        {
            Assert.Equal(status, await EveryProtocol.SendAsync(protocol, service.CreateClient(), channel, picture));
            Assert.Equal((0, 0), (admission.Running, admission.Waiting));
        }
    }

    /// <summary>A process of its own, so that nobody else's requests are counted.</summary>
    public sealed class Measured : IAsyncLifetime
    {
        private ServiceProcess _service = null!;

        internal HttpClient Client { get; private set; } = null!;

        internal GrpcChannel Channel { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            listener.Stop();
            _service = new ServiceProcess(["--urls", "http://127.0.0.1:0"], ("Grpc__Port", $"{port}"));
            Client = await _service.ClientAsync();
            Channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        }

        public async ValueTask DisposeAsync()
        {
            Channel.Dispose();
            await _service.DisposeAsync();
        }

        internal async Task<double[]> ValuesAsync(params string[] names)
        {
            var scrape = await Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
            return [.. names.Select(name => MetricsTests.Sum(scrape, name))];
        }
    }
}
