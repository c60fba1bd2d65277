using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MnistApi.TestData;

namespace MnistApi.Tests;

/// <summary>
/// nginx with the configuration of deploy/proxy in front of instances on this machine; without nginx the test is skipped.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private Nginx(DirectoryInfo folder, Process process, int port)
    {
        _folder = folder;
        _process = process;
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Address { get; }

    public static async Task<Nginx> StartAsync(int[] instances)
    {
        var program = new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null && Environment.GetEnvironmentVariable("NGINX_REQUIRED") != "1",
            "nginx is not installed (Debian package nginx-light)");
        var folder = Directory.CreateTempSubdirectory("nginx");
        var port = FreePort.Find();
        await WriteConfigurationAsync(folder.FullName, port, instances);
        var process = Process.Start(
            program!, ["-p", folder.FullName, "-c", Path.Combine(folder.FullName, "nginx.conf"), "-e", "error.log"]);
        var nginx = new Nginx(folder, process, port);
        await nginx.UntilItListensAsync(port);
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task WriteConfigurationAsync(string folder, int port, int[] instances)
    {
        var text = await File.ReadAllTextAsync(Clone.PathOf("deploy", "proxy", "mnist.conf"));
        Assert.Contains("listen 8080;", text);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "mnist.conf"), text.Replace("listen 8080;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(Path.Combine(folder, "upstream.conf"),
            instances.Select(instance => $"server 127.0.0.1:{instance} max_fails=1 fail_timeout=1s;"));
        var places = string.Concat(
            new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(kind => $"{kind}_temp_path {kind}; "));
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"),
            "daemon off; master_process off; pid nginx.pid; error_log error.log; events { worker_connections 512; } "
            + $"http {{ access_log off; {places} include mnist.conf; }}");
    }

    private async Task UntilItListensAsync(int port)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (i < 200 && !_process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }
}
