using System.Net;
using System.Net.Sockets;
using MnistApi.Grpc;
using MnistApi.TestData;
using MnistApi.Tests.Grpc;

namespace MnistApi.Tests.Startup;

/// <summary>Starts that succeed, and starts that fail with exit code 1 and a message to act on.</summary>
public sealed class StartupTests : IDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("startup");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Two_instances_run_side_by_side_and_end_with_0_on_sigterm()
    {
        await using var one = new ServiceProcess(["--urls", AnyPort]);
        await using var other = new ServiceProcess([], ("ASPNETCORE_URLS", AnyPort));
        foreach (var service in new[] { one, other })
        {
            using var client = await service.ClientAsync();
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
            Assert.Equal(7, (await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync()).Predictions[0].Digit);
        }
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM");
        await one.TerminateAsync();
        Assert.Equal(0, await one.ExitCodeAsync());
    }

    [Fact]
    public async Task Http_ports_are_heard()
    {
        var port = FreePort.Find();
        await using var service = new ServiceProcess([], ("ASPNETCORE_HTTP_PORTS", $"{port}"));
        Assert.Equal(port, (await service.ClientAsync()).BaseAddress!.Port);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("ASPNETCORE_HTTP_PORTS")]
    public async Task Grpc_has_a_port_for_http_2_beside_the_other_addresses(string setting)
    {
        int http = FreePort.Find(), grpc = FreePort.Find();
        await using var service = new ServiceProcess(
            [], (setting, setting == "ASPNETCORE_URLS" ? $"http://127.0.0.1:{http}" : $"{http}"), ("Grpc__Port", $"{grpc}"));
        Assert.Equal(http, (await service.ClientAsync()).BaseAddress!.Port);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress($"http://127.0.0.1:{grpc}");
        Assert.True((await channel.CallAsync<ServerReadyRequest, ServerReadyResponse>("ServerReady", new())).Ready);
        Assert.DoesNotContain("Overriding", service.Output);
    }

    [Fact]
    public async Task It_listens_on_localhost_8080_by_default()
    {
        Assert.SkipUnless(IsFree(8080), "port 8080 is taken on this machine");
        await using var service = new ServiceProcess([]);
        Assert.Equal("http://localhost:8080/", (await service.ClientAsync()).BaseAddress!.ToString());
    }

    [Fact]
    public Task Missing_weights() => FailsAsync(
        [("Model__Path", Path.Combine(_folder.FullName, "none.safetensors"))], "none.safetensors cannot be loaded: Could not find file",
            "Model:Path (environment variable Model__Path)");

    [Fact]
    public async Task Damaged_weights()
    {
        var path = Path.Combine(_folder.FullName, "bad.safetensors");
        await File.WriteAllTextAsync(path, "hello", TestContext.Current.CancellationToken);
        await FailsAsync([("Model__Path", path)],
            $"the weights in {path} cannot be loaded: expected a safetensors file, but this is text that begins with 'hello'");
    }

    /// <summary>A folder where a file is wanted; and, where modes bind this user, a file that it may not read.</summary>
    [Theory]
    [InlineData("Model__Path", "the weights in {0} cannot be loaded: Access to the path '{0}' is denied", "Model:Path")]
    [InlineData("Access__File", "Access:File (environment variable Access__File): Access to the path '{0}' is denied")]
    public async Task What_may_not_be_read_is_named(string setting, params string[] messages)
    {
        var named = _folder.FullName;
        await FailsAsync([(setting, named)], [.. messages.Select(message => string.Format(null, message, named))]);
        if (OperatingSystem.IsWindows() || Environment.UserName == "root") // whom no mode keeps out
            return;
        named = Path.Combine(_folder.FullName, "closed");
        await File.WriteAllTextAsync(named, "{}", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(named, UnixFileMode.None);
        await FailsAsync([(setting, named)], [.. messages.Select(message => string.Format(null, message, named))]);
    }

    [Fact]
    public Task All_bad_options_at_once() => FailsAsync(
        [("Limits__BodyBytes", "0"), ("Limits__Files", "-1"), ("Model__Name", "a b"), ("Model__Version", "v/1"),
            ("RequestLog__SlowMilliseconds", "0"), ("Model__Path", "none"), ("Grpc__Port", "70000"), ("Shutdown__DrainSeconds", "-1")],
        "Model:Name (environment variable Model__Name): expected letters, digits",
        "Model:Version (environment variable Model__Version): expected letters, digits",
        "RequestLog:SlowMilliseconds (environment variable RequestLog__SlowMilliseconds): expected a number above 0",
        "Limits:BodyBytes (environment variable Limits__BodyBytes): expected a whole number from 1 to 1073741824",
        "Limits:Files (environment variable Limits__Files): expected a whole number from 1 to 2147483647",
        "Grpc:Port (environment variable Grpc__Port): expected a whole number from 1 to 65535, or nothing",
        "Shutdown:DrainSeconds (environment variable Shutdown__DrainSeconds): expected a whole number from 0 to 3600");

    [Fact]
    public Task A_limit_that_is_no_number() => FailsAsync([("Limits__Instances", "many")], "'many'", "Limits:Instances");

    [Fact]
    public Task A_level_that_is_none() => FailsAsync([("Serilog__MinimumLevel__Default", "Loud")], "Loud");

    [Theory]
    [InlineData("localhost:8080")]
    [InlineData("http://localhost:99999")]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("http://192.0.2.1:8080")]
    public async Task An_address_that_cannot_be_listened_on(string address)
    {
        await using var service = new ServiceProcess(["--urls", address]);
        Assert.Equal(1, await service.ExitCodeAsync());
        Assert.StartsWith("MnistApi cannot start: ", service.Error);
        Assert.Contains("--urls", service.Error);
        Assert.DoesNotContain("   at ", service.Error + service.Output);
    }

    [Fact]
    public async Task An_address_in_use()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var service = new ServiceProcess(["--urls", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"]);
        Assert.Equal(1, await service.ExitCodeAsync());
        Assert.Contains("address already in use", service.Error);
        Assert.Contains("--urls", service.Error);
    }

    [Fact]
    public async Task The_health_switch_asks_the_running_instance()
    {
        var port = FreePort.Find();
        await using var service = new ServiceProcess([], ("ASPNETCORE_HTTP_PORTS", $"{port}"));
        await service.ClientAsync();
        await using var healthy = new ServiceProcess(["--health"], ("ASPNETCORE_HTTP_PORTS", $"{port}"));
        Assert.Equal(0, await healthy.ExitCodeAsync());
        await using var byUrl = new ServiceProcess(["--health"], ("ASPNETCORE_URLS", $"http://+:{port}"), ("ASPNETCORE_HTTP_PORTS", "1"));
        Assert.Equal(0, await byUrl.ExitCodeAsync());
        await using var unhealthy = new ServiceProcess(["--health"], ("ASPNETCORE_URLS", $"http://+:{FreePort.Find()}"));
        Assert.Equal(1, await unhealthy.ExitCodeAsync());
        Assert.Contains("does not answer", unhealthy.Error);
    }

    [Fact]
    public async Task Without_data_eval_says_where_it_looked_and_how_to_mend_it()
    {
        await using var service = new ServiceProcess(
            ["--urls", AnyPort], ("Dataset__Path", _folder.FullName), ("Dataset__Download", "false"),
                ("XDG_CACHE_HOME", Path.Combine(_folder.FullName, "cache")));
        var detail = await (await service.ClientAsync()).GetAsync("/eval", TestContext.Current.CancellationToken)
            .ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Contains(
            $"t10k-images-idx3-ubyte (or .gz) is not in {_folder.FullName} or {Path.Combine(_folder.FullName, "cache", "mnist-api")}",
            detail);
        Assert.Contains("downloading is turned off", detail);
        Assert.Contains("dataset fetch DIR", detail);
        Assert.Contains("Dataset__Path", detail);
    }

    private static async Task FailsAsync((string Name, string Value)[] environment, params string[] messages)
    {
        await using var service = new ServiceProcess(["--urls", AnyPort], environment);
        Assert.Equal(1, await service.ExitCodeAsync());
        Assert.StartsWith("MnistApi cannot start: ", service.Error);
        Assert.DoesNotContain("   at ", service.Error);
        Assert.DoesNotContain("   at ", service.Output);
        Assert.DoesNotContain("Now listening", service.Output);
        foreach (var message in messages)
            Assert.Contains(message, service.Error);
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
