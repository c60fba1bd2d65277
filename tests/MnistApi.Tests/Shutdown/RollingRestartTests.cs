using System.Net;
using MnistApi.TestData;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Shutdown;

/// <summary>Two instances behind nginx, with the configuration of deploy/proxy, replaced one after the other under load.</summary>
[Trait("Category", "Slow")]
public sealed class RollingRestartTests
{
    private const int Callers = 4;

    /// <summary>
    /// Longer than nginx avoids an instance after a failure, which is one second by its own count and until the one request answers that it
    /// then tries with: else it would avoid both at times.
    /// </summary>
    private const string DrainSeconds = "5";

    [Fact]
    public async Task Not_one_request_fails_while_the_instances_are_replaced()
    {
        int[] ports = [FreePort.Find(), FreePort.Find()];
        await using var proxy = await Nginx.StartAsync(ports);
        var instances = await Task.WhenAll(ports.Select(StartAsync));
        try
        {
            using var done = new CancellationTokenSource();
            var callers = Enumerable.Range(0, Callers).Select(i => CallAsync(proxy.Address, i % 2 == 0, done.Token)).ToArray();
            for (var i = 0; i < instances.Length; i++)
            {
                await instances[i].TerminateAsync();
                Assert.Equal(0, await instances[i].ExitCodeAsync());
                await instances[i].DisposeAsync();
                instances[i] = await StartAsync(ports[i]);
            }
            await done.CancelAsync();
            var calls = await Task.WhenAll(callers);
            Assert.Empty(calls.SelectMany(call => call.Failures));
            Assert.All(calls, call => Assert.True(call.Answered > 0));
        }
        finally
        {
            foreach (var instance in instances)
                await instance.DisposeAsync();
        }
    }

    private static async Task<ServiceProcess> StartAsync(int port)
    {
        var service = new ServiceProcess(
            ["--urls", $"http://127.0.0.1:{port}"], ("Shutdown__DrainSeconds", DrainSeconds), ("Access__Proxies__0", "127.0.0.1"));
        using var client = await service.ClientAsync();
        await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync(); // the first answer takes longest
        return service;
    }

    /// <summary>Predicts until told to stop, over a connection that is kept or a new one each time.</summary>
    private static async Task<(int Answered, IReadOnlyList<string> Failures)> CallAsync(
        Uri address, bool keepsConnection, CancellationToken done)
    {
        var failures = new List<string>();
        var answered = 0;
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = address };
        client.DefaultRequestHeaders.ConnectionClose = !keepsConnection;
        while (!done.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.PostAsync("image/png", Pictures.SevenPng);
                var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK)
                    answered++;
                else
                    failures.Add($"{(int)answer.StatusCode} {text}");
            }
            catch (HttpRequestException failure)
            {
                failures.Add(failure.ToString());
            }
            await Task.Delay(30, TestContext.Current.CancellationToken);
        }
        return (answered, failures);
    }
}
