using System.Net;
using System.Text.Json.Nodes;

namespace MnistApi.Tests.OpenInference;

public sealed class MetadataTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/")]
    public async Task The_server_tells_its_extensions(string path)
    {
        var server = await GetAsync(path);
        Assert.Equal("MnistApi", (string)server["name"]!);
        Assert.Equal(["binary_tensor_data", "classification"], server["extensions"]!.AsArray().Select(name => (string)name!));
    }

    [Theory]
    [InlineData("/v2/health/live", """{"live":true}""")]
    [InlineData("/v2/health/ready", """{"ready":true}""")]
    [InlineData("/v2/models", """{"models":["mnist"]}""")]
    [InlineData("/v2/models/mnist/ready", """{"name":"mnist","ready":true}""")]
    [InlineData("/v2/models/mnist/versions/1/ready", """{"name":"mnist","ready":true}""")]
    public async Task Short_answers(string path, string expected) => Assert.Equal(expected, (await GetAsync(path)).ToJsonString());

    [Theory]
    [InlineData("/v2/models/mnist")]
    [InlineData("/v2/models/mnist/versions/1")]
    public async Task The_model_tells_its_tensors(string path) => Assert.Equal(
        """{"name":"mnist","versions":["1"],"platform":"mnistapi_dense","inputs":[{"name":"pixels","datatype":"UINT8","shape":[-1,784]},"""
        + """{"name":"image","datatype":"BYTES","shape":[-1]}],"outputs":[{"name":"probabilities","datatype":"FP32","shape":[-1,10]},"""
        + """{"name":"logits","datatype":"FP32","shape":[-1,10]},{"name":"digit","datatype":"INT64","shape":[-1]}]}""",
        (await GetAsync(path)).ToJsonString());

    [Theory]
    [InlineData("/v2/models/other", "there is no model 'other', expected 'mnist'")]
    [InlineData("/v2/models/MNIST/ready", "there is no model 'MNIST', expected 'mnist'")]
    [InlineData("/v2/models/mnist/versions/2", "model 'mnist' has no version '2', expected '1'")]
    [InlineData("/v2/models/mnist/versions/2/ready", "model 'mnist' has no version '2', expected '1'")]
    [InlineData("/v2/nothing", "there is nothing at /v2/nothing; /swagger lists what there is")]
    public async Task What_is_not_served_is_404(string path, string expected) =>
        Assert.Equal(expected, await _client.GetAsync(path, TestContext.Current.CancellationToken).ProblemAsync(HttpStatusCode.NotFound));

    [Fact]
    public async Task Infer_of_another_model_is_404_and_get_405()
    {
        Assert.Equal("there is no model 'other', expected 'mnist'",
            await _client.PostAsync("/v2/models/other/infer", new StringContent("{}"), TestContext.Current.CancellationToken)
                .ProblemAsync(HttpStatusCode.NotFound));
        Assert.Equal("expected POST at /v2/models/mnist/infer, got GET",
            await _client.GetAsync(Infer.Path, TestContext.Current.CancellationToken).ProblemAsync(HttpStatusCode.MethodNotAllowed));
    }

    [Fact]
    public async Task Name_and_version_are_settings()
    {
        await using var named = new Service("Production", ("Model:Name", "digits"), ("Model:Version", "2.1-rc"));
        var client = named.CreateClient();
        var model = JsonNode.Parse(
            await client.GetStringAsync("/v2/models/digits/versions/2.1-rc", TestContext.Current.CancellationToken))!;
        Assert.Equal("""["2.1-rc"]""", model["versions"]!.ToJsonString());
        await client.GetAsync("/v2/models/mnist", TestContext.Current.CancellationToken).ProblemAsync(HttpStatusCode.NotFound);
    }

    private async Task<JsonNode> GetAsync(string path) =>
        JsonNode.Parse(await _client.GetStringAsync(path, TestContext.Current.CancellationToken))!;
}
