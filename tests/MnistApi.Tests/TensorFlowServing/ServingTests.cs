using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace MnistApi.Tests.TensorFlowServing;

public sealed class ServingTests(Service service) : IClassFixture<Service>
{
    private const string Available = """{"name":"mnist","ready":true,"model_version_status":"""
        + """[{"version":"1","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}]}""";

    private readonly HttpClient _client = service.CreateClient();
    private static readonly string s_b64 = $"{{\"b64\":\"{Convert.ToBase64String(Pictures.SevenPng)}\"}}";

    public static TheoryData<string, string> Bodies => new()
    {
        { $"{{\"instances\":[{Pictures.SevenJson}]}}", "predictions" },
        { $"{{\"signature_name\": \"serving_default\", \"instances\": [{Pictures.SevenJson}]}}", "predictions" },
        { $"{{\"instances\":[{Pictures.SevenJson}],\"signature_name\":\"serving_default\"}}", "predictions" },
        { $"{{\"instances\":[{{\"pixels\":{Pictures.SevenJson}}}]}}", "predictions" },
        { $"{{\"instances\":[{s_b64}]}}", "predictions" },
        { $"{{\"instances\":[{{\"image\":{s_b64}}}]}}", "predictions" },
        { $"{{\"signature_name\":null,\"instances\":[{Pictures.SevenJson}],\"inputs\":null,\"scale\":null}}", "predictions" },
        { $"{{\"inputs\":[{Pictures.SevenJson}]}}", "outputs" },
        { $"{{\"inputs\":{{\"pixels\":[{Pictures.SevenJson}]}}}}", "outputs" },
        { $"{{\"inputs\":{{\"image\":[{s_b64}]}},\"scale\":255}}", "outputs" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Rows_and_columns_give_what_predict_gives(string body, string member)
    {
        var expected = (await _client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync()).Predictions[0].Probabilities;
        foreach (var path in new[] { "/v1/models/mnist:predict", "/v1/models/mnist/versions/1:predict" })
        {
            var response = await _client.PostAsync(
                path, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
            Assert.True(response.StatusCode == HttpStatusCode.OK, answer.ToJsonString());
            Assert.Equal([member], answer.Select(pair => pair.Key));
            Assert.Equal(expected, answer[member]!.AsArray().Single()!.AsArray().Select(value => (float)value!));
        }
    }

    [Theory]
    [InlineData("{}", "expected a member 'instances' or 'inputs', got none")]
    [InlineData("{\"instances\":[]}", "instances is empty, expected at least one")]
    [InlineData("{\"inputs\":[[1]]}", "inputs[0] has 1 numbers, expected 784")]
    [InlineData("{\"inputs\":{\"pixels\":[[1]]}}", "inputs.pixels[0] has 1 numbers, expected 784")]
    [InlineData("{\"inputs\":{\"x\":[]}}", "inputs.x is empty, expected at least one")]
    [InlineData("{\"inputs\":5}", "inputs is 5, expected an array")]
    [InlineData("{\"instances\":[{\"pixels\":5}]}", "instances[0].pixels is 5, expected an array")]
    [InlineData("{\"instances\":[{\"image\":\"x\"}]}", "instances[0].image is the string \"x\", expected {\"b64\":\"...\"}")]
    [InlineData("{\"signature_name\":\"other\"}", "signature_name is the string \"other\", expected \"serving_default\"")]
    [InlineData("{\"examples\":[]}", "expected the members 'signature_name', 'instances' or 'inputs', and 'scale', got 'examples'")]
    public async Task Errors_name_the_place(string body, string expected) =>
        Assert.Equal(expected, await PredictAsync(body).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task Instances_and_inputs_together_are_one_too_many()
    {
        Assert.Equal("expected 'instances' or 'inputs', got both",
            await PredictAsync($"{{\"instances\":[{Pictures.SevenJson}],\"inputs\":[]}}").ProblemAsync(HttpStatusCode.BadRequest));
        Assert.Equal("'inputs' stands twice", await PredictAsync($"{{\"inputs\":{{\"pixels\":[{Pictures.SevenJson}]}},\"inputs\":[]}}")
            .ProblemAsync(HttpStatusCode.BadRequest));
        Assert.Equal("expected inputs to have one member, 'pixels' or 'image', got 'image' as well",
            await PredictAsync($"{{\"inputs\":{{\"pixels\":[{Pictures.SevenJson}],\"image\":[]}}}}")
                .ProblemAsync(HttpStatusCode.BadRequest));
        Assert.Equal("expected instances[0] to have one member, got 'image' as well",
            await PredictAsync($"{{\"instances\":[{{\"pixels\":{Pictures.SevenJson},\"image\":1}}]}}")
                .ProblemAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Predict_does_not_take_what_only_serving_takes() =>
        Assert.Equal("expected the members 'instances' and 'scale', got 'inputs'",
        await _client.PostJsonAsync($"{{\"inputs\":[{Pictures.SevenJson}]}}").ProblemAsync(HttpStatusCode.BadRequest));

    [Theory]
    [InlineData("/v1/models", """{"models":["mnist"]}""")]
    [InlineData("/v1/models/mnist", Available)]
    [InlineData("/v1/models/mnist/versions/1", Available)]
    public async Task Status(string path, string expected) =>
        Assert.Equal(expected, await _client.GetStringAsync(path, TestContext.Current.CancellationToken));

    [Fact]
    public async Task Metadata_has_the_signature()
    {
        var metadata = JsonNode.Parse(await _client.GetStringAsync("/v1/models/mnist/metadata", TestContext.Current.CancellationToken))!;
        Assert.Equal("""{"name":"mnist","signature_name":"","version":"1"}""", metadata["model_spec"]!.ToJsonString());
        var signature = metadata["metadata"]!["signature_def"]!["signature_def"]!["serving_default"]!;
        Assert.Equal(
            """{"dtype":"DT_FLOAT","tensor_shape":{"dim":[{"size":"-1","name":""},{"size":"10","name":""}],"unknown_rank":false},"""
            + "\"name\":\"serving_default_probabilities:0\"}",
            signature["outputs"]!["probabilities"]!.ToJsonString());
        Assert.Equal(["pixels", "image"], signature["inputs"]!.AsObject().Select(pair => pair.Key));
    }

    [Theory]
    [InlineData("/v1/models/other")]
    [InlineData("/v1/models/mnist/versions/7/metadata")]
    public async Task What_is_not_served_is_404(string path) =>
        await _client.GetAsync(path, TestContext.Current.CancellationToken).ProblemAsync(HttpStatusCode.NotFound);

    private Task<HttpResponseMessage> PredictAsync(string body) =>
        _client.PostAsync(
            "/v1/models/mnist:predict", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
}
