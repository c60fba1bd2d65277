using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Logging;

/// <summary>What stands in the log after a good and a refused request.</summary>
public sealed class RequestLogTests
{
    private const string AnyPort = "http://127.0.0.1:0";

    [Fact]
    public async Task Production_logs_the_refused_request_with_its_reason_and_not_the_good_one()
    {
        await using var service = await ServedAsync(("RequestLog__SlowMilliseconds", "60000")); // a busy machine's good one is none
        Assert.Contains("POST /predict 400 in ", service.Output);
        Assert.Contains("ms: expected a member 'instances', got none", service.Output);
        Assert.DoesNotContain("/predict 200 in ", service.Output); // "200" alone may be a time of day
    }

    [Theory]
    [InlineData("ASPNETCORE_ENVIRONMENT", "Development")]
    [InlineData("Serilog__MinimumLevel__Override__RequestLog", "Debug")]
    public async Task Development_or_a_lower_level_logs_the_good_one_too(string name, string value)
    {
        await using var service = await ServedAsync((name, value));
        Assert.Matches(@"POST /predict 200 in \d+\.\d{3} ms, 1 images", service.Output);
    }

    [Fact]
    public async Task Slow_requests_are_logged_though_they_succeed()
    {
        await using var service = await ServedAsync(("RequestLog__SlowMilliseconds", "0.0001"));
        Assert.Contains("POST /predict 200 in ", service.Output);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("1")]
    public async Task Containers_log_compact_json(string value)
    {
        await using var service = await ServedAsync(("DOTNET_RUNNING_IN_CONTAINER", value));
        var lines = service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .ToArray();
        var refused = Assert.Single(lines, line => line.TryGetProperty("Status", out var status) && status.GetInt32() == 400);
        Assert.Equal("POST", refused.GetProperty("Method").GetString());
        Assert.Equal("/predict", refused.GetProperty("Path").GetString());
        Assert.Equal("expected a member 'instances', got none", refused.GetProperty("Reason").GetString());
        Assert.True(refused.GetProperty("Milliseconds").GetDouble() > 0);
    }

    [Fact]
    public async Task Hosting_makes_no_activity_for_lines_that_nobody_writes()
    {
        await using var service = new Service();
        var logger = service.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics");
        Assert.False(logger.IsEnabled(LogLevel.Critical));
    }

    /// <summary>A service that has answered one good and one bad request.</summary>
    private static async Task<ServiceProcess> ServedAsync(params (string Name, string Value)[] environment)
    {
        var service = new ServiceProcess(["--urls", AnyPort], environment);
        using var client = await service.ClientAsync();
        await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync();
        await client.PostJsonAsync("{}");
        await service.TerminateAsync();
        Assert.Equal(0, await service.ExitCodeAsync());
        return service;
    }
}
