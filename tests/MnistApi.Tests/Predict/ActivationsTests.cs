using System.Net;
using System.Text.Json;
using MnistApi.Inference;
using MnistApi.Predict;

namespace MnistApi.Tests.Predict;

/// <summary>POST /predict?include=activations.</summary>
public sealed class ActivationsTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Every_layers_output_is_answered_under_its_name()
    {
        var activations = (await PredictAsync("?include=activations", "image/png", Pictures.SevenPng)).Activations!;
        Assert.Equal([("z1", 50), ("z2", 100), ("logits", 10)], activations.Select(pair => (pair.Key, pair.Value.Count)));
        Assert.All(activations["z1"].Concat(activations["z2"]), z => Assert.InRange(z, 0, 1));
    }

    [Fact]
    public async Task Softmax_of_the_logits_is_the_answer()
    {
        var prediction = await PredictAsync("?include=activations", "image/png", Pictures.SevenPng);
        var y = new float[10];
        Activations.Softmax(prediction.Activations!["logits"].ToArray(), y);
        for (var k = 0; k < y.Length; k++)
            Assert.Equal(y[k], prediction.Probabilities[k], 1e-6f);
    }

    [Theory]
    [InlineData("?include=input,activations")]
    [InlineData("?include=activations,input")]
    [InlineData("?include=input&include=activations")]
    public async Task Input_and_activations_come_together(string query)
    {
        using var document = JsonDocument.Parse(await (await SendAsync(query, "image/png", Pictures.SevenPng)).Content.ReadAsStringAsync(
            TestContext.Current.CancellationToken));
        Assert.Equal(
            ["digit", "probability", "probabilities", "input", "activations"],
            document.RootElement.GetProperty("predictions")[0].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Pixels_of_either_scale_have_the_same_activations()
    {
        var bytes = (await PredictAsync("?include=activations", "application/octet-stream", Pictures.Seven)).Activations!;
        var json = JsonSerializer.SerializeToUtf8Bytes(new { instances = new[] { Pictures.Seven.Select(pixel => pixel / 255.0) } });
        var normalised = (await PredictAsync("?include=activations", "application/json", json)).Activations!;
        foreach (var (name, values) in bytes)
            Assert.All(values.Zip(normalised[name]), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public async Task Many_images_are_answered_without_their_activations_only() =>
        Assert.Equal("expected at most 100 images with include, got 101",
            await SendAsync("?include=activations", "application/octet-stream", new byte[784 * 101])
                .ProblemAsync(HttpStatusCode.RequestEntityTooLarge));

    private Task<HttpResponseMessage> SendAsync(string query, string contentType, byte[] body) =>
        _client.PostAsync($"/predict{query}", new ByteArrayContent(body) { Headers = { ContentType = new(contentType) } },
            TestContext.Current.CancellationToken);

    private async Task<Prediction> PredictAsync(string query, string contentType, byte[] body) =>
        Assert.Single((await SendAsync(query, contentType, body).PredictionsAsync()).Predictions);
}
