using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using MnistApi.Model;
using MnistApi.Overload;
using MnistApi.Predict;
using MnistApi.Startup;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Overload;

/// <summary>Only short work is done on the thread that takes bytes in, where the image's setting has requests answered on it.</summary>
public sealed class ShortWorkTests
{
    private static readonly IServiceProvider s_services = new ServiceCollection()
        .AddSingleton<IHostApplicationLifetime>(new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance)).BuildServiceProvider();

    [Theory]
    [InlineData("POST", 784, null, false)]
    [InlineData("POST", 256 << 10, null, false)]
    [InlineData("POST", (256 << 10) + 1, null, true)]
    [InlineData("POST", 100, "gzip", true)]
    [InlineData("POST", null, null, true)]
    [InlineData("GET", null, null, true)]
    public async Task What_is_not_announced_as_short_goes_to_the_thread_pool(string method, int? length, string? encoding, bool goes)
    {
        var app = new ApplicationBuilder(s_services);
        app.UseTransport();
        var isInPool = false;
        app.Run(_ =>
        {
            isInPool = Thread.CurrentThread.IsThreadPoolThread;
            return Task.CompletedTask;
        });
        var context = new DefaultHttpContext { Request = { Method = method, ContentLength = length } };
        context.Request.Headers.ContentEncoding = encoding;
        await OnAThreadOfItsOwn(() => app.Build()(context));
        Assert.Equal(goes, isInPool);
    }

    [Theory]
    [InlineData(784, 0, false)]
    [InlineData((256 << 10) + 1, 0, true)]
    [InlineData(784, 10, true)]
    public async Task Long_work_goes_to_the_thread_pool_when_it_is_known(int length, int enlarged, bool goes)
    {
        await using var service = new Service();
        var pipeline = service.Services.GetRequiredService<PredictionPipeline>();
        var exchange = new Watched(length, enlarged > 0 ? Pictures.Enlarged(enlarged) : null);
        await OnAThreadOfItsOwn(() => pipeline.RunAsync(new DefaultHttpContext(), exchange, TestContext.Current.CancellationToken));
        Assert.Equal(goes, exchange.IsWrittenInPool);
    }

    [Fact]
    public async Task A_compressed_body_is_unpacked_in_the_thread_pool()
    {
        var packed = new WatchedStream(Packed(new byte[784]));
        var context = new DefaultHttpContext { RequestServices = s_services, Request = { Body = packed } };
        context.Request.Headers.ContentEncoding = "gzip";
        await OnAThreadOfItsOwn(async () =>
        {
            using var body = await BodyReader.ReadAsync(context.Request, 1000, new BodyBudget(0), TestContext.Current.CancellationToken);
            Assert.Equal(784, body.Length);
        });
        Assert.True(packed.IsReadInPool);
    }

    [Fact]
    public async Task With_the_images_setting_short_and_long_requests_are_answered_beside_each_other()
    {
        await using var service = new ServiceProcess(
            ["--urls", "http://127.0.0.1:0"], ("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1"));
        using var client = await service.ClientAsync();
        var packed = new ByteArrayContent(Packed(new byte[784 * 1000]))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream"), ContentEncoding = { "gzip" } },
        };
        Task<HttpResponseMessage>[] sent =
        [
            .. Enumerable.Range(0, 16).Select(i => client.PostAsync("image/png", i % 2 == 0 ? Pictures.SevenPng : Pictures.Enlarged(20))),
            client.PostAsync("application/octet-stream", new byte[784 * 2000]),
            client.PostAsync("/predict", packed, TestContext.Current.CancellationToken),
            client.GetAsync("/swagger/v1/swagger.json", TestContext.Current.CancellationToken),
            client.GetAsync("/", TestContext.Current.CancellationToken),
            client.GetAsync("/metrics", TestContext.Current.CancellationToken),
        ];
        foreach (var answer in await Task.WhenAll(sent))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await client.PostAsync("image/png", Pictures.SevenPng[..50]).ProblemAsync(HttpStatusCode.BadRequest);
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>As on a thread that takes in bytes: none of the pool.</summary>
    private static async Task OnAThreadOfItsOwn(Func<Task> work)
    {
        var started = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => started.SetResult(work())).Start();
        await await started.Task;
    }

    /// <summary>Pixels, or a picture, in so many bytes.</summary>
    private sealed class Watched(int length, byte[]? picture) : Exchange<bool>(new LimitOptions())
    {
        public bool IsWrittenInPool { get; private set; }

        public override ValueTask<long> ReceiveAsync(HttpRequest request, BodyBudget budget, CancellationToken cancellation) => new(length);

        public override void Read(RequestImages images)
        {
            if (picture is null)
                Pictures.Seven.CopyTo(images.Pixels.AddBytes());
            else
                images.AddPicture(picture, "image");
        }

        public override bool Write(LoadedModel model, RequestImages images, Scores scores) =>
            IsWrittenInPool = Thread.CurrentThread.IsThreadPoolThread;
    }

    private sealed class WatchedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public bool IsReadInPool { get; private set; } = true;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            IsReadInPool &= Thread.CurrentThread.IsThreadPoolThread;
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
