using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MnistApi.Imaging;
using MnistApi.OpenInference;
using MnistApi.Predict;
using MnistApi.TestData;

namespace MnistApi.Tests.OpenApi;

public sealed class OpenApiTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task The_document_is_openapi_3_1_and_lists_every_endpoint()
    {
        var document = await DocumentAsync();
        Assert.StartsWith("3.1.", (string)document["openapi"]!);
        var mapped = service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
            .Select(endpoint => endpoint.RoutePattern.RawText!);
        var listed = document["paths"]!.AsObject().Select(path => path.Key).ToArray();
        Assert.Equal(mapped.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Subset(listed.ToHashSet(), new HashSet<string> { "/predict", "/eval", "/model", "/health/ready",
            "/metrics", "/health/live", "/v1/models/{model}:predict", "/v2/models/{model}/versions/{version}/infer" });
    }

    [Fact]
    public async Task Predict_describes_its_bodies_and_its_problems()
    {
        var predict = (await DocumentAsync())["paths"]!["/predict"]!["post"]!;
        Assert.Equal(
            ["application/json", "application/octet-stream", "image/jpeg", "image/png", "multipart/form-data"],
            predict["requestBody"]!["content"]!.AsObject().Select(body => body.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["preprocess", "expect", "include"],
            predict["parameters"]!.AsArray().Select(parameter => (string)parameter!["name"]!));
        Assert.Equal(["200", "400", "413", "415", "422", "429", "500", "503"],
            predict["responses"]!.AsObject().Select(response => response.Key).Order(StringComparer.Ordinal));
        foreach (var (status, response) in predict["responses"]!.AsObject().Where(response => response.Key != "200"))
            Assert.True(response!["content"]!.AsObject().ContainsKey("application/problem+json"), status);
    }

    [Fact]
    public async Task Every_operation_stands_in_a_group_that_is_explained()
    {
        var document = await DocumentAsync();
        var groups = document["tags"]!.AsArray().Select(tag => (string)tag!["name"]!).ToHashSet();
        Assert.Equal(groups,
            Operations(document).SelectMany(operation => operation.Operation["tags"]!.AsArray()).Select(tag => (string)tag!).ToHashSet());
    }

    /// <summary>Of all operations, whoever adds them: sent to the path with its examples, each is answered with 200.</summary>
    [Fact]
    public async Task Every_json_example_works_as_it_stands()
    {
        var sent = 0;
        foreach (var (path, method, operation) in Operations(await DocumentAsync()))
        {
            foreach (var (name, example) in operation["requestBody"]?["content"]?["application/json"]?["examples"]?.AsObject() ?? [])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), Filled(path, operation))
                {
                    Content = new StringContent(
                    example!["value"]!.ToJsonString(), Encoding.UTF8, "application/json")
                };
                var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
                var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path} {name}: {answer}");
                if (path == "/predict")
                    Assert.Equal(7, (int)JsonNode.Parse(answer)!["predictions"]![0]!["digit"]!);
                sent++;
            }
        }
        Assert.True(sent >= 3 + 2 * 2 + 2 * 2, $"{sent}");
    }

    /// <summary>Of all operations: no answer is left to what the schema's types make up, such as "string".</summary>
    [Fact]
    public async Task Every_answer_has_an_example_with_its_own_status()
    {
        var problems = 0;
        foreach (var (path, _, operation) in Operations(await DocumentAsync()))
        {
            foreach (var (status, response) in operation["responses"]!.AsObject())
            {
                foreach (var (type, body) in response!["content"]?.AsObject() ?? [])
                {
                    if (type is "image/png" or "application/octet-stream")
                        continue;
                    var example = body!["example"] ?? body["examples"]?.AsObject().FirstOrDefault().Value?["value"];
                    Assert.True(example is not null, $"{path} {status} {type}");
                    if (type != "application/problem+json")
                        continue;
                    Assert.Equal(status, $"{example["status"]}");
                    Assert.Equal((string)example["detail"]!, (string)example["error"]!);
                    problems++;
                }
            }
        }
        Assert.True(problems > 60, $"{problems}");
    }

    [Fact]
    public async Task The_example_of_an_evaluation_is_that_of_the_weights_that_come_with_the_service()
    {
        await Mnist.TestAsync();
        var success = (await DocumentAsync())["paths"]!["/eval"]!["get"]!["responses"]!["200"]!;
        var promised = success["content"]!["application/json"]!["example"]!;
        var answer = JsonNode.Parse(await _client.GetStringAsync("/eval", TestContext.Current.CancellationToken))!;
        foreach (var time in new[] { "elapsedMs", "imagesPerSecond" })
        {
            Assert.True(promised.AsObject().Remove(time), time);
            Assert.True(answer.AsObject().Remove(time), time);
        }
        Assert.Equal(answer.ToJsonString(), promised.ToJsonString());
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("application/octet-stream")]
    public async Task Every_example_file_works_as_it_stands(string contentType)
    {
        var example = (
            await DocumentAsync())["paths"]!["/predict"]!["post"]!["requestBody"]!["content"]![contentType]!["examples"]!["seven"]!;
        var address = new Uri(new Uri(_client.BaseAddress!, "/swagger/v1/swagger.json"), (string)example["externalValue"]!);
        var file = await _client.GetByteArrayAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(7, (await _client.PostAsync(contentType, file).PredictionsAsync()).Predictions[0].Digit);
    }

    [Fact]
    public async Task Answers_have_the_members_that_the_document_promises()
    {
        var document = await DocumentAsync();
        var inverted = string.Join(',', Pictures.Seven.Select(pixel => 255 - pixel)); // has a warning, and as JSON a scale
        await AssertMembersAsync(document, "PredictResponse", await _client.PostJsonAsync($"{{\"instances\":[[{inverted}]]}}"));
        var promised = document["components"]!["schemas"]!;
        var answer = JsonNode.Parse(await (await _client.PostAsync("/predict?include=input", Png(),
            TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(promised["Prediction"]!["properties"]!.AsObject().Select(member => member.Key).Where(name => name != "activations"),
            answer["predictions"]![0]!.AsObject().Select(member => member.Key));
        Assert.Equal(promised["PredictionInput"]!["properties"]!.AsObject().Select(member => member.Key),
            answer["predictions"]![0]!["input"]!.AsObject().Select(member => member.Key));
        await AssertMembersAsync(
            document, "ActivationsResponse", await _client.GetAsync("/activations", TestContext.Current.CancellationToken));
        await AssertMembersAsync(
            document, "ActivationResponse", await _client.GetAsync("/activations/softmax", TestContext.Current.CancellationToken));
        await AssertMembersAsync(document, "ModelResponse", await _client.GetAsync("/model", TestContext.Current.CancellationToken));
        await AssertMembersAsync(document, "HealthResponse", await _client.GetAsync("/health/live", TestContext.Current.CancellationToken));
        await AssertMembersAsync(
            document, "Problem", await _client.GetAsync("/nowhere", TestContext.Current.CancellationToken), optional: "ready");
    }

    [Fact]
    public async Task What_bodies_json_says_is_what_the_code_holds_to()
    {
        var document = await DocumentAsync();
        var predict = document["paths"]!["/predict"]!["post"]!["parameters"]!.ToJsonString();
        Assert.Contains($"at most {DigitReader.MaxDigits} digits", predict);
        Assert.Contains($"at most {PredictExtras.MaxImages} images", predict);
        var schemas = document["components"]!["schemas"]!;
        Assert.Equal(Datatypes.Names, schemas["InferInput"]!["properties"]!["datatype"]!["enum"]!.AsArray().Select(name => (string)name!));
        Assert.Equal($"{Tensors.Pixels} or {Tensors.Image}.", (string)schemas["InferInput"]!["properties"]!["name"]!["description"]!);
        Assert.Equal($"{string.Join(", ", Tensors.Outputs.Select(tensor => tensor.Name))}.",
            (string)schemas["InferRequestedOutput"]!["properties"]!["name"]!["description"]!);
        Assert.Equal([InferRequest.ScaleKey, InferRequest.PreprocessKey, InferRequest.BinaryOutputKey], Members("InferRequestParameters"));
        Assert.Equal([InputTensor.BinarySizeKey], Members("InferInputParameters"));
        Assert.Equal([RequestedOutput.BinaryKey, RequestedOutput.ClassificationKey], Members("InferRequestedOutputParameters"));

        IEnumerable<string> Members(string schema) => schemas[schema]!["properties"]!.AsObject().Select(member => member.Key);
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
        var promised = document["components"]!["schemas"]![schema]!["properties"]!.AsObject().Select(member => member.Key)
            .Where(name => name != optional);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(promised.Order(StringComparer.Ordinal),
            answer.RootElement.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<(string Path, string Method, JsonNode Operation)> Operations(JsonNode document) =>
        document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => (path.Key, operation.Key, operation.Value!)));

    private static string Filled(string path, JsonNode operation) => (operation["parameters"]?.AsArray() ?? [])
        .Where(parameter => (string)parameter!["in"]! == "path")
        .Aggregate(path, (filled, parameter) =>
            filled.Replace($"{{{(string)parameter!["name"]!}}}", (string)parameter["example"]!, StringComparison.Ordinal));

    private async Task<JsonNode> DocumentAsync() =>
        JsonNode.Parse(await _client.GetStringAsync("/swagger/v1/swagger.json", TestContext.Current.CancellationToken))!;
}
