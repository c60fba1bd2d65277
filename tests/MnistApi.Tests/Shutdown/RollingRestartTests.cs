using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MnistApi.TestData;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Shutdown;

/// <summary>Two instances behind nginx, with the configuration of deploy/proxy, replaced one after the other under load.</summary>
public sealed class RollingRestartTests : IDisposable
{
    private const int Callers = 4;

    /// <summary>Longer than nginx avoids an instance after a failure, which is one second by its own count: else it would avoid both at times.</summary>
    private const string DrainSeconds = "3";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nginx");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Not_one_request_fails_while_the_instances_are_replaced()
    {
        var nginx = new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(nginx is null && Environment.GetEnvironmentVariable("NGINX_REQUIRED") != "1", "nginx is not installed (Debian package nginx-light)");
        int[] ports = [FreePort(), FreePort()];
        var proxyPort = FreePort();
        await WriteConfigurationAsync(proxyPort, ports);
        var instances = await Task.WhenAll(ports.Select(StartAsync));
        using var proxy = Process.Start(nginx!, ["-p", _folder.FullName, "-c", Path.Combine(_folder.FullName, "nginx.conf"), "-e", "error.log"]);
        try
        {
            using var done = new CancellationTokenSource();
            var address = new Uri($"http://127.0.0.1:{proxyPort}");
            await UntilItAnswersAsync(address);
            var callers = Enumerable.Range(0, Callers).Select(i => CallAsync(address, i % 2 == 0, done.Token)).ToArray();
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
            proxy.Kill();
            await proxy.WaitForExitAsync(TestContext.Current.CancellationToken);
            foreach (var instance in instances)
                await instance.DisposeAsync();
        }
    }

    private static async Task<ServiceProcess> StartAsync(int port)
    {
        var service = new ServiceProcess(["--urls", $"http://127.0.0.1:{port}"], ("Shutdown__DrainSeconds", DrainSeconds), ("Access__Proxies__0", "127.0.0.1"));
        (await service.ClientAsync()).Dispose();
        return service;
    }

    /// <summary>Predicts until told to stop, over a connection that is kept or a new one each time.</summary>
    private static async Task<(int Answered, IReadOnlyList<string> Failures)> CallAsync(Uri address, bool keepsConnection, CancellationToken done)
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
                if (answer.StatusCode == HttpStatusCode.OK)
                    answered++;
                else
                    failures.Add($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
            }
            catch (HttpRequestException failure)
            {
                failures.Add(failure.ToString());
            }
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        return (answered, failures);
    }

    private async Task WriteConfigurationAsync(int port, int[] upstreams)
    {
        var source = Clone.PathOf("deploy", "proxy", "mnist.conf");
        var text = await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken);
        Assert.Contains("listen 8080;", text);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "mnist.conf"), text.Replace("listen 8080;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(Path.Combine(_folder.FullName, "upstream.conf"), upstreams.Select(upstream => $"server 127.0.0.1:{upstream} max_fails=1 fail_timeout=1s;"), TestContext.Current.CancellationToken);
        var places = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(kind => $"{kind}_temp_path {kind}; "));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "nginx.conf"),
            $"daemon off; master_process off; pid nginx.pid; error_log error.log; events {{ worker_connections 512; }} http {{ access_log off; {places} include mnist.conf; }}", TestContext.Current.CancellationToken);
    }

    private static async Task UntilItAnswersAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        for (var i = 0; ; i++)
        {
            try
            {
                Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
                return;
            }
            catch (HttpRequestException) when (i < 200)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }


    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
