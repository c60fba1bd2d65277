using System.Net;
using System.Text.Json;
using MnistApi.Imaging;
using MnistApi.Predict;

namespace MnistApi.Tests.Predict;

/// <summary>POST /predict's parameters, over all kinds of body.</summary>
public sealed class PreprocessTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    /// <summary>The example, dark on light, twice as large and in a corner.</summary>
    private static byte[] Drawn { get; } = Draw(80, (x, y) => x < 56 && y < 56 ? 255 - Pictures.Seven[y / 2 * 28 + x / 2] : 255);

    [Fact]
    public async Task Nothing_more_is_answered_than_was_asked_for()
    {
        using var document = JsonDocument.Parse(await BodyAsync("", "image/png", Pictures.SevenPng));
        Assert.Equal(["digit", "probability", "probabilities"],
            document.RootElement.GetProperty("predictions")[0].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task What_passes_unchanged_is_answered_with_no_steps()
    {
        var input = Assert.Single(await PredictAsync("?include=input", "image/png", Pictures.SevenPng)).Input!;
        Assert.Equal(Pictures.Seven.Select(pixel => (int)pixel), input.Pixels);
        Assert.Empty(input.Steps);
    }

    [Fact]
    public async Task What_was_done_to_a_picture_is_said_and_shown()
    {
        var prediction = Assert.Single(await PredictAsync("?include=input&preprocess=auto", "image/png", Drawn));
        Assert.Equal(7, prediction.Digit);
        Assert.Equal(["centred at MNIST's size"], prediction.Input!.Steps);
        Assert.Equal(784, prediction.Input.Pixels.Count);
        var again = Assert.Single(await PredictAsync("?include=input", "image/png", Convert.FromBase64String(prediction.Input.Png)));
        Assert.Equal(prediction.Input.Pixels, again.Input!.Pixels); // what the network saw is a picture as MNIST's are
        Assert.Equal(prediction.Probabilities, again.Probabilities);
    }

    [Fact]
    public async Task None_only_brings_the_picture_to_28x28()
    {
        var input = Assert.Single(
            await PredictAsync("?include=input&preprocess=none", "image/png", Draw(56, (x, y) => x < 28 ? 100 : 200))).Input!;
        Assert.Equal(["averaged to 28x28"], input.Steps);
        Assert.Equal(Enumerable.Range(0, 784).Select(i => i % 28 < 14 ? 100 : 200), input.Pixels);
    }

    [Fact]
    public async Task None_reads_what_auto_refuses()
    {
        var pair = Draw(100, (x, y) => y is > 20 and < 80 && x is (> 20 and < 28) or (> 70 and < 78) ? 0 : 255);
        var detail = await _client.PostAsync("image/png", pair).ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("the picture has several digits: expected one, got 2: 7x59 at (21, 21), 7x59 at (71, 21)", detail);
        Assert.Single(await PredictAsync("?preprocess=none", "image/png", pair));
    }

    [Fact]
    public async Task Every_file_and_every_instance_has_its_own_input()
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(Drawn), "a", "1.png" },
            { new ByteArrayContent(Pictures.SevenPng), "b", "2.png" } };
        var files = (
            await _client.PostAsync("/predict?include=input", form, TestContext.Current.CancellationToken).PredictionsAsync()).Predictions;
        Assert.Equal([1, 0], files.Select(prediction => prediction.Input!.Steps.Count));

        var json = $"{{\"instances\":[{Pictures.SevenJson},{{\"b64\":\"{Convert.ToBase64String(Drawn)}\"}}]}}";
        var instances = await PredictAsync("?include=input", "application/json", System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Equal([0, 1], instances.Select(prediction => prediction.Input!.Steps.Count));
        Assert.Equal(files[0].Input!.Pixels, instances[1].Input!.Pixels);

        var raw = Assert.Single(await PredictAsync("?include=input", "application/octet-stream", Pictures.Seven));
        Assert.Equal(Pictures.Seven.Select(pixel => (int)pixel), raw.Input!.Pixels);
        var normalised = $"{{\"instances\":[{Pictures.JsonWith(5, "0.5")}]}}";
        Assert.Equal(128, Assert.Single(
            await PredictAsync("?include=input", "application/json", System.Text.Encoding.UTF8.GetBytes(normalised))).Input!.Pixels[5]);
    }

    [Theory]
    [InlineData("?preprocess=yes", "preprocess is 'yes', expected auto or none")]
    [InlineData("?preprocess=", "preprocess is '', expected auto or none")]
    [InlineData("?preprocess=auto&preprocess=none", "preprocess is 'auto,none', expected auto or none")]
    [InlineData("?include=pixels", "include is 'pixels', expected input, activations or both with a comma between")]
    [InlineData("?include=input,", "include is 'input,', expected input, activations or both with a comma between")]
    public async Task Other_values_are_400(string query, string detail) =>
        Assert.Equal(detail, await SendAsync(query, "image/png", Pictures.SevenPng).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task Many_images_are_answered_without_their_input_only() =>
        Assert.Equal("expected at most 100 images with include, got 101",
            await SendAsync("?include=input", "application/octet-stream", new byte[784 * 101])
                .ProblemAsync(HttpStatusCode.RequestEntityTooLarge));

    private static byte[] Draw(int side, Func<int, int, int> level) =>
        PngEncoding.Encode([.. Enumerable.Range(0, side * side).Select(i => (byte)level(i % side, i / side))], side, side);

    private Task<HttpResponseMessage> SendAsync(string query, string contentType, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new(contentType);
        return _client.PostAsync($"/predict{query}", content, TestContext.Current.CancellationToken);
    }

    private async Task<IReadOnlyList<Prediction>> PredictAsync(string query, string contentType, byte[] body) =>
        (await SendAsync(query, contentType, body).PredictionsAsync()).Predictions;

    private async Task<string> BodyAsync(string query, string contentType, byte[] body) =>
        await (await SendAsync(query, contentType, body)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
