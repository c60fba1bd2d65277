using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MnistApi.Tests.OpenApi;

public sealed class OpenApiTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task The_document_is_openapi_3_1_and_lists_every_endpoint()
    {
        var document = await DocumentAsync();
        Assert.StartsWith("3.1.", (string)document["openapi"]!);
        Assert.Equal(
            [
                "/activations", "/activations/{name}", "/activations/{name}/plot.svg", "/dataset/{split}/{index}.png", "/eval", "/health/live", "/health/ready", "/model",
                "/model/diagram.svg", "/model/layers/1/units/{unit}.png", "/model/layers/{layer}/weights", "/predict",
            ],
            document["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Predict_describes_its_four_bodies_and_its_problems()
    {
        var predict = (await DocumentAsync())["paths"]!["/predict"]!["post"]!;
        Assert.Equal(
            ["application/json", "application/octet-stream", "image/png", "multipart/form-data"],
            predict["requestBody"]!["content"]!.AsObject().Select(body => body.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["preprocess", "include"], predict["parameters"]!.AsArray().Select(parameter => (string)parameter!["name"]!));
        Assert.Equal(["200", "400", "413", "415", "422", "429", "500", "503"], predict["responses"]!.AsObject().Select(response => response.Key).Order(StringComparer.Ordinal));
        foreach (var (status, response) in predict["responses"]!.AsObject().Where(response => response.Key != "200"))
            Assert.True(response!["content"]!.AsObject().ContainsKey("application/problem+json"), status);
    }

    [Fact]
    public async Task Every_json_example_works_as_it_stands()
    {
        var examples = (await DocumentAsync())["paths"]!["/predict"]!["post"]!["requestBody"]!["content"]!["application/json"]!["examples"]!.AsObject();
        Assert.Equal(3, examples.Count);
        foreach (var (name, example) in examples)
        {
            var answer = await _client.PostJsonAsync(example!["value"]!.ToJsonString()).PredictionsAsync();
            Assert.True(answer.Predictions[0].Digit == 7, name);
        }
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("application/octet-stream")]
    public async Task Every_example_file_works_as_it_stands(string contentType)
    {
        var example = (await DocumentAsync())["paths"]!["/predict"]!["post"]!["requestBody"]!["content"]![contentType]!["examples"]!["seven"]!;
        var file = await _client.GetByteArrayAsync((string)example["externalValue"]!, TestContext.Current.CancellationToken);
        Assert.Equal(7, (await _client.PostAsync(contentType, file).PredictionsAsync()).Predictions[0].Digit);
    }

    [Fact]
    public async Task Answers_have_the_members_that_the_document_promises()
    {
        var document = await DocumentAsync();
        await AssertMembersAsync(document, "PredictResponse", await _client.PostAsync("image/png", Pictures.SevenPng), optional: "scale");
        var promised = document["components"]!["schemas"]!;
        var answer = JsonNode.Parse(await (await _client.PostAsync("/predict?include=input,activations", Png(), TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(promised["Prediction"]!["properties"]!.AsObject().Select(member => member.Key), answer["predictions"]![0]!.AsObject().Select(member => member.Key));
        Assert.Equal(promised["PredictionInput"]!["properties"]!.AsObject().Select(member => member.Key), answer["predictions"]![0]!["input"]!.AsObject().Select(member => member.Key));
        await AssertMembersAsync(document, "ActivationsResponse", await _client.GetAsync("/activations", TestContext.Current.CancellationToken));
        await AssertMembersAsync(document, "ActivationResponse", await _client.GetAsync("/activations/softmax", TestContext.Current.CancellationToken));
        await AssertMembersAsync(document, "ModelResponse", await _client.GetAsync("/model", TestContext.Current.CancellationToken));
        await AssertMembersAsync(document, "HealthResponse", await _client.GetAsync("/health/live", TestContext.Current.CancellationToken));
        await AssertMembersAsync(document, "Problem", await _client.GetAsync("/nowhere", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_user_interface_is_served()
    {
        var page = await _client.GetAsync("/swagger/index.html", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("<title>MnistApi</title>", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static ByteArrayContent Png() => new(Pictures.SevenPng) { Headers = { ContentType = new("image/png") } };

    private static async Task AssertMembersAsync(JsonNode document, string schema, HttpResponseMessage response, string? optional = null)
    {
        var promised = document["components"]!["schemas"]![schema]!["properties"]!.AsObject().Select(member => member.Key).Where(name => name != optional);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(promised.Order(StringComparer.Ordinal), answer.RootElement.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
    }

    private async Task<JsonNode> DocumentAsync() =>
        JsonNode.Parse(await _client.GetStringAsync("/swagger/v1/swagger.json", TestContext.Current.CancellationToken))!;
}
