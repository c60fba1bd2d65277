using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MnistApi.TestData;

namespace MnistApi.Tests.Overload;

/// <summary>What nginx with the configuration of deploy/proxy makes of instances that have too much to do.</summary>
public sealed class ProxyTests
{
    /// <summary>
    /// nginx avoids an instance that failed for a second. If saying 503 counted as failing, all would be avoided under overload, and nginx
    /// would answer 502 for them.
    /// </summary>
    [Fact]
    public async Task Callers_are_told_what_an_overloaded_instance_says()
    {
        int[] ports = [FreePort.Find(), FreePort.Find()];
        await using var first = await OverloadedAsync(ports[0]);
        await using var second = await OverloadedAsync(ports[1]);
        await using var proxy = await Nginx.StartAsync(ports);
        using var client = new HttpClient { BaseAddress = proxy.Address };
        for (var i = 0; i < 10; i++)
        {
            using var answer = await client.PostAsync("image/png", Pictures.SevenPng);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        }
    }

    private static async Task<WebApplication> OverloadedAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
