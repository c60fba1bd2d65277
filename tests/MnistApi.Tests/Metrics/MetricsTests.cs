using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using MnistApi.TestData;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Metrics;

/// <summary>What a Prometheus would read.</summary>
public sealed partial class MetricsTests(RunningService running) : IClassFixture<RunningService>
{
    [Fact]
    public async Task What_happened_before_anybody_asked_is_counted()
    {
        await using var service = new ServiceProcess(["--urls", "http://127.0.0.1:0"]);
        var client = await service.ClientAsync();
        await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync();
        await client.PostAsync("application/octet-stream", [.. Pictures.Seven, .. Pictures.Seven, .. Pictures.Seven]).PredictionsAsync();
        await client.PostJsonAsync("{\"instances\":[[1,2,3]]}").ProblemAsync(HttpStatusCode.BadRequest);
        var metrics = await ScrapeAsync(client);
        Assert.Equal(4, Value(metrics, "mnist_predictions_total", "digit=\"7\""));
        Assert.Equal(2, Value(metrics, "mnist_request_images_count", ""));
        Assert.Equal(4, Value(metrics, "mnist_request_images_sum", ""));
        Assert.Equal(1, Value(metrics, "mnist_rejections_total", "reason=\"malformed\""));
        foreach (var stage in new[] { "decode", "forward", "serialise" })
        {
            Assert.Equal(2, Value(metrics, $"mnist_{stage}_duration_seconds_count", ""));
            Assert.True(Value(metrics, $"mnist_{stage}_duration_seconds_sum", "") > 0);
        }
        Assert.Equal(1, Value(metrics, "mnist_preprocess_duration_seconds_count", ""));
        Assert.Equal(2,
            Value(metrics, "http_server_request_duration_seconds_count", "http_response_status_code=\"200\"", "http_route=\"/predict\""));
        Assert.Equal(1,
            Value(metrics, "http_server_request_duration_seconds_count", "http_response_status_code=\"400\"", "http_route=\"/predict\""));

        await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync(); // and what comes after is counted on
        Assert.Equal(5, Value(await ScrapeAsync(client), "mnist_predictions_total", "digit=\"7\""));
    }

    [Fact]
    public async Task Durations_have_buckets_from_microseconds()
    {
        using var client = await running.Process.ClientAsync();
        await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync();
        var metrics = await ScrapeAsync(client);
        foreach (var stage in new[] { "decode", "preprocess", "forward", "serialise" })
        {
            var name = $"mnist_{stage}_duration_seconds";
            Assert.Contains($"# TYPE {name} histogram", metrics);
            foreach (var bound in new[] { "5E-06", "1E-05", "0.001", "10", "+Inf" })
                Value(metrics, $"{name}_bucket", $"le=\"{bound}\"");
        }
        Value(metrics, "http_server_request_duration_seconds_bucket", "le=\"5E-06\"");
    }

    [Fact]
    public async Task The_model_is_named_with_its_hash()
    {
        using var client = await running.Process.ClientAsync();
        var model = await client.GetStringAsync("/model", TestContext.Current.CancellationToken);
        var hash = Sha256().Match(model).Groups[1].Value;
        Assert.Equal(1, Value(await ScrapeAsync(client), "mnist_model_info", "name=\"mnist\"", "version=\"1\"", $"sha256=\"{hash}\""));
    }

    [Fact]
    public async Task Every_metric_that_the_dashboard_and_the_alerts_name_is_served()
    {
        using var client = await running.Process.ClientAsync();
        await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync();
        await client.PostAsync("text/plain", []).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        var served = Served().Matches(await ScrapeAsync(client)).Select(match => match.Groups[1].Value).ToHashSet();
        var folder = Clone.PathOf("deploy", "monitoring");
        foreach (var file in new[] { "dashboard.json", "alerts.yml" })
        {
            var named = Named().Matches(await File.ReadAllTextAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken))
                .Select(match => match.Groups[1].Value).ToHashSet();
            Assert.NotEmpty(named);
            Assert.Empty(named.Except(served));
        }
    }

    [Fact]
    public async Task Promtool_has_nothing_to_say()
    {
        var promtool = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(promtool is null && Environment.GetEnvironmentVariable("PROMTOOL_REQUIRED") != "1",
            "promtool is not installed (Debian package prometheus)");
        using var client = await running.Process.ClientAsync();
        await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync();
        await client.PostAsync("text/plain", []).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        using var check = Process.Start(new ProcessStartInfo(promtool!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await check.StandardInput.WriteAsync(await ScrapeAsync(client));
        check.StandardInput.Close();
        var said = await check.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)
            + await check.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (check.ExitCode, said));
    }

    [Fact]
    public async Task Turned_off_there_are_none()
    {
        await using var service = new Service("Production", ("Metrics:Enabled", "false"));
        await service.CreateClient().GetAsync("/metrics", TestContext.Current.CancellationToken).ProblemAsync(HttpStatusCode.NotFound);
    }

    private static Task<string> ScrapeAsync(HttpClient client) => client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

    /// <summary>The sum of the lines with this name and these labels, of which there is one or more.</summary>
    private static double Value(string metrics, string name, params string[] labels)
    {
        var lines = Lines(metrics, name, labels);
        Assert.True(lines.Length >= 1, $"no {name} {string.Join(' ', labels)} in:\n{metrics}");
        return Sum(metrics, name, labels);
    }

    /// <summary>The same; 0 where there is none yet.</summary>
    internal static double Sum(string metrics, string name, params string[] labels) => Lines(metrics, name, labels)
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));

    private static string[] Lines(string metrics, string name, string[] labels) =>
    [
        .. metrics.Split('\n').Where(line => line.StartsWith($"{name}{{", StringComparison.Ordinal)
            && labels.All(label => line.Contains(label, StringComparison.Ordinal))),
    ];

    [GeneratedRegex("\"sha256\":\"([0-9a-f]{64})\"")]
    private static partial Regex Sha256();

    [GeneratedRegex(@"(?m)^# TYPE (\w+) ")]
    private static partial Regex Served();

    [GeneratedRegex(@"\b((?:mnist|http_server|kestrel|dotnet)_[a-z0-9_]+?)(?:_bucket|_sum|_count)?\{")]
    private static partial Regex Named();
}
