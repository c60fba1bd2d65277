using System.Net;
using System.Text.Json;

namespace MnistApi.Tests.Problems;

/// <summary>One shape for every error, in Development and in Production alike.</summary>
public sealed class ProblemTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Errors_of_the_framework_have_it_too(string environment)
    {
        await using var service = new Service(environment);
        var client = service.CreateClient();
        Assert.Equal("there is nothing at /nowhere; /swagger lists what there is",
            await client.GetAsync("/nowhere", TestContext.Current.CancellationToken).ProblemAsync(HttpStatusCode.NotFound));
        Assert.Equal("expected POST at /predict, got GET",
            await client.GetAsync("/predict", TestContext.Current.CancellationToken).ProblemAsync(HttpStatusCode.MethodNotAllowed));
        Assert.Equal("expected GET at /eval, got DELETE",
            await client.DeleteAsync("/eval", TestContext.Current.CancellationToken).ProblemAsync(HttpStatusCode.MethodNotAllowed));
        Assert.StartsWith(
            "expected the content type", await client.PostAsync("text/plain", []).ProblemAsync(HttpStatusCode.UnsupportedMediaType));
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_problem_whole(string environment)
    {
        await using var service = new Service(environment);
        var response = await service.CreateClient().PostJsonAsync("{}");
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.1","title":"Bad Request","status":400,"""
            + "\"detail\":\"expected a member 'instances', got none\",\"error\":\"expected a member 'instances', got none\"}",
            problem.RootElement.GetRawText());
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task What_is_repeated_cannot_forge_a_log_line()
    {
        await using var service = new Service();
        Assert.Equal("batch is '\uFFFD12:00 ERR forged', expected a whole number from 1 to 10000",
            await service.CreateClient().GetAsync("/eval?batch=%0A12:00%20ERR%20forged", TestContext.Current.CancellationToken)
                .ProblemAsync(HttpStatusCode.BadRequest));
        Assert.EndsWith("/swagger lists what there is",
            await service.CreateClient().GetAsync("/" + new string('x', 3000), TestContext.Current.CancellationToken)
                .ProblemAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task A_head_request_gets_the_status_alone()
    {
        await using var service = new Service();
        using var request = new HttpRequestMessage(HttpMethod.Head, "/nowhere");
        var response = await service.CreateClient().SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
