using System.Net;
using System.Security.Cryptography;
using System.Text;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Access;

/// <summary>API keys, their limits and their change while the service runs; origins; proxies.</summary>
public sealed class AccessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("access");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Without_keys_everybody_may_call()
    {
        await using var service = new Service();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(service.CreateClient(), "/model")).StatusCode);
    }

    [Fact]
    public async Task With_keys_everything_but_health_asks_for_one()
    {
        await using var service = new Service("Production", Keys("alice", "bob"));
        var client = service.CreateClient();
        foreach (var path in new[] { "/model", "/metrics", "/eval", "/nowhere" })
        {
            var refused = GetAsync(client, path);
            Assert.Equal("expected an API key in the header 'Authorization: Bearer KEY' or 'X-Api-Key: KEY', got none",
                await refused.ProblemAsync(HttpStatusCode.Unauthorized));
            Assert.Equal("Bearer", (await refused).Headers.WwwAuthenticate.ToString());
        }
        await client.PostAsync("image/png", Pictures.SevenPng).ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "/v2/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "/")).StatusCode);
    }

    [Fact]
    public async Task What_can_be_asked_is_open_and_says_that_a_key_is_needed()
    {
        await using var service = new Service("Production", Keys("alice"));
        Assert.Contains("\"name\": \"X-Api-Key\"",
            await service.CreateClient().GetStringAsync("/swagger/v1/swagger.json", TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(service.CreateClient(), "/swagger/index.html")).StatusCode);
        await using var open = new Service();
        Assert.DoesNotContain(
            "X-Api-Key", await open.CreateClient().GetStringAsync("/swagger/v1/swagger.json", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Authorization", "Bearer key of alice")]
    [InlineData("Authorization", "bearer key of bob")]
    [InlineData("X-Api-Key", "key of bob")]
    public async Task A_known_key_is_let_in(string header, string value)
    {
        await using var service = new Service("Production", Keys("alice", "bob"));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(service.CreateClient(), "/model", (header, value))).StatusCode);
    }

    [Theory]
    [InlineData("Authorization", "Bearer key of mallory")]
    [InlineData("X-Api-Key", "KEY OF BOB")]
    [InlineData("X-Api-Key", "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8")]
    public async Task Any_other_is_not(string header, string value)
    {
        await using var service = new Service("Production", Keys("alice", "bob"));
        Assert.Equal("the API key is not known, or not any more",
            await GetAsync(service.CreateClient(), "/model", (header, value)).ProblemAsync(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task The_hash_is_no_key_and_neither_is_a_key_of_any_length()
    {
        await using var service = new Service("Production", Keys("alice"));
        await GetAsync(service.CreateClient(), "/model", ("X-Api-Key", Hash("key of alice"))).ProblemAsync(HttpStatusCode.Unauthorized);
        await GetAsync(service.CreateClient(), "/model", ("X-Api-Key", new string('x', 10_000))).ProblemAsync(HttpStatusCode.Unauthorized);
        await GetAsync(service.CreateClient(), "/model", ("Authorization", "Basic a2V5IG9mIGFsaWNl"))
            .ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_key_has_its_requests_a_second_and_takes_none_from_others()
    {
        await using var service = new Service("Production", [.. Keys("alice", "bob"), ("Access:Keys:0:RequestsPerSecond", "1")]);
        var client = service.CreateClient();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync(client, "/model", ("X-Api-Key", "key of alice"))));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        var refused = answers.First(answer => answer.StatusCode != HttpStatusCode.OK);
        Assert.Equal("expected at most 1 requests a second from 'alice', got more",
            await Task.FromResult(refused).ProblemAsync(HttpStatusCode.TooManyRequests));
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        foreach (var _ in Enumerable.Range(0, 20))
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "/model", ("X-Api-Key", "key of bob"))).StatusCode);
    }

    [Fact]
    public async Task Keys_in_a_file_change_while_the_service_runs_and_never_leave_it_open()
    {
        var file = Path.Combine(_folder.FullName, "keys.json");
        await WriteAsync(file, "alice");
        await using var service = new ServiceProcess(["--urls", "http://127.0.0.1:0"], ("Access__File", file));
        using var client = await service.ClientAsync();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "/model", ("X-Api-Key", "key of alice"))).StatusCode);

        await WriteAsync(file, "bob");
        await UntilAsync(() => service.Output.Contains("The API keys are now those of bob", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "/model", ("X-Api-Key", "key of bob"))).StatusCode);
        await GetAsync(client, "/model", ("X-Api-Key", "key of alice")).ProblemAsync(HttpStatusCode.Unauthorized);

        await File.WriteAllTextAsync(file, "{ this is no JSON", TestContext.Current.CancellationToken);
        await UntilAsync(() => service.Output.Contains("are not taken over", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "/model", ("X-Api-Key", "key of bob"))).StatusCode);
        await GetAsync(client, "/model").ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.DoesNotContain("key of", service.Output + service.Error);
    }

    [Fact]
    public async Task Bad_settings_end_the_start_and_a_key_in_the_wrong_place_is_not_repeated()
    {
        await using var service = new ServiceProcess(["--urls", "http://127.0.0.1:0"],
            ("Access__Keys__0__Name", "a b"), ("Access__Keys__0__Sha256", "the key itself"), ("Access__Origins__0", "example.org"),
                ("Access__Proxies__0", "10.0.0.0/99"));
        Assert.Equal(1, await service.ExitCodeAsync());
        Assert.Contains("Access:Keys:0:Name (environment variable Access__Keys__0__Name): expected letters, digits", service.Error);
        Assert.Contains(
            "Access:Keys:0:Sha256 (environment variable Access__Keys__0__Sha256): expected the key's SHA-256, 64 hexadecimal digits",
            service.Error);
        Assert.Contains("Access:Origins:0 (environment variable Access__Origins__0): expected an origin such as https://example.org, "
            + "or *, got 'example.org'", service.Error);
        Assert.Contains("Access:Proxies:0 (environment variable Access__Proxies__0): expected an address or a network such as "
            + "10.0.0.0/8, got '10.0.0.0/99'", service.Error);
        Assert.DoesNotContain("the key itself", service.Error + service.Output);
    }

    [Fact]
    public async Task A_file_that_is_not_there_ends_the_start()
    {
        await using var service = new ServiceProcess(
            ["--urls", "http://127.0.0.1:0"], ("Access__File", Path.Combine(_folder.FullName, "none.json")));
        Assert.Equal(1, await service.ExitCodeAsync());
        Assert.Contains("Access:File (environment variable Access__File): Could not find file", service.Error);
    }

    [Fact]
    public async Task Pages_of_listed_origins_may_call_and_read_errors_too()
    {
        await using var service = new Service("Production", [.. Keys("alice"), ("Access:Origins:0", "https://example.org")]);
        var client = service.CreateClient();
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/predict")
        {
            Headers = { { "Origin", "https://example.org" }, { "Access-Control-Request-Method", "POST" },
                { "Access-Control-Request-Headers", "x-api-key" } },
        };
        var allowed = await client.SendAsync(ask, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal("https://example.org", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("x-api-key", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single());

        var refused = GetAsync(client, "/model", ("Origin", "https://example.org"));
        await refused.ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("https://example.org", (await refused).Headers.GetValues("Access-Control-Allow-Origin").Single());
        var other = await GetAsync(client, "/model", ("Origin", "https://example.com"), ("X-Api-Key", "key of alice"));
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Nobody_but_a_known_proxy_says_where_a_request_came_from()
    {
        foreach (var (proxies, expected) in new[] { ("127.0.0.1", true), ("127.0.0.0/8", true), ("192.0.2.1", false) })
        {
            await using var service = new ServiceProcess(["--urls", "http://127.0.0.1:0"], ("Access__Proxies__0", proxies));
            using var client = await service.ClientAsync();
            using var answer = await GetAsync(client, "/health/live", ("X-Forwarded-Proto", "https"));
            Assert.Equal(expected, answer.Headers.Contains("Strict-Transport-Security"));
        }
    }

    [Fact]
    public async Task Answers_are_what_their_content_type_says()
    {
        await using var service = new Service();
        foreach (var path in new[] { "/model", "/nowhere" })
            Assert.Equal("nosniff", (await GetAsync(service.CreateClient(), path)).Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Certificates_are_files()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (crt, pem) = (Path.Combine(_folder.FullName, "tls.crt"), Path.Combine(_folder.FullName, "tls.key"));
        await File.WriteAllTextAsync(crt, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(pem, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await using var service = new ServiceProcess(["--urls", "http://127.0.0.1:0;https://127.0.0.1:0"],
            ("Kestrel__Certificates__Default__Path", crt), ("Kestrel__Certificates__Default__KeyPath", pem));
        await service.ClientAsync();
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, got, _, _) =>
            got!.Thumbprint == certificate.Thumbprint
        };
        using var client = new HttpClient(handler) { BaseAddress = await service.HttpsAddressAsync() };
        Assert.Equal(7, (await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync()).Predictions[0].Digit);
        Assert.Equal("max-age=31536000", (await GetAsync(client, "/model")).Headers.GetValues("Strict-Transport-Security").Single());
    }

    private static (string, string)[] Keys(params string[] names) =>
        [.. names.SelectMany((name, i) => new[] { ($"Access:Keys:{i}:Name", name), ($"Access:Keys:{i}:Sha256", Hash($"key of {name}")) })];

    private static Task WriteAsync(string file, string name) => File.WriteAllTextAsync(
        file, $"{{\"Access\":{{\"Keys\":[{{\"Name\":\"{name}\",\"Sha256\":\"{Hash($"key of {name}")}\"}}]}}}}",
            TestContext.Current.CancellationToken);

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 600 && !condition(); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.True(condition());
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
