using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
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

    [Fact]
    public Task A_turn_is_had_in_the_thread_pool() => OnAThreadOfItsOwn(async () =>
    {
        using var admission = new Admission(new OverloadOptions(), heldBytes: 0);
        using var turn = await admission.AdmitAsync(new DefaultHttpContext());
        Assert.True(Thread.CurrentThread.IsThreadPoolThread);
    });

    [Fact]
    public Task A_compressed_body_is_unpacked_in_the_thread_pool() => OnAThreadOfItsOwn(async () =>
    {
        var context = new DefaultHttpContext { RequestServices = s_services, Request = { Body = new MemoryStream(Packed(new byte[784])) } };
        context.Request.Headers.ContentEncoding = "gzip";
        using var body = await BodyReader.ReadAsync(context.Request, limit: 1000, new BodyBudget(0), TestContext.Current.CancellationToken);
        Assert.Equal(784, body.Length);
        Assert.True(Thread.CurrentThread.IsThreadPoolThread);
    });

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
}
