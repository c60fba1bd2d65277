using System.Text.Json;
using MnistApi.Predict;

namespace MnistApi.Tests.Predict;

public sealed class PredictTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task A_png_is_recognised()
    {
        var answer = await _client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync();
        Assert.Equal("mnist", answer.Model);
        Assert.Null(answer.Scale);
        AssertSeven(Assert.Single(answer.Predictions));
    }

    [Fact]
    public async Task The_answer_has_the_documented_members_and_no_others()
    {
        var response = await _client.PostJsonAsync($"{{\"instances\":[{Pictures.SevenJson}]}}");
        using var document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["model", "scale", "predictions"], document.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["digit", "probability", "probabilities"],
            document.RootElement.GetProperty("predictions")[0].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Every_form_of_the_same_picture_gives_the_same_probabilities()
    {
        var png = (await _client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync()).Predictions[0];
        var raw = (await _client.PostAsync("application/octet-stream", Pictures.Seven).PredictionsAsync()).Predictions[0];
        var form = (await _client.PostFilesAsync(("anything", "7.png", Pictures.SevenPng)).PredictionsAsync()).Predictions[0];
        Assert.Equal(png.Probabilities, raw.Probabilities);
        Assert.Equal(png.Probabilities, form.Probabilities);

        var rows = $"[{string.Join(',', Pictures.Seven.Chunk(28).Select(row => $"[{string.Join(',', row)}]"))}]";
        var base64 = $"{{\"b64\":\"{Convert.ToBase64String(Pictures.SevenPng)}\"}}";
        var json = await _client.PostJsonAsync($"{{\"instances\":[{Pictures.SevenJson},{rows},{base64}]}}").PredictionsAsync();
        Assert.Equal(255, json.Scale);
        Assert.Equal(3, json.Predictions.Count);
        Assert.All(json.Predictions, prediction => Assert.Equal(png.Probabilities, prediction.Probabilities));
    }

    [Fact]
    public async Task Numbers_within_0_and_1_are_normalised_already()
    {
        var bytes = await _client.PostAsync("application/octet-stream", Pictures.Seven).PredictionsAsync();
        var numbers = Pictures.Seven.Select(pixel => (pixel / 255.0).ToString(System.Globalization.CultureInfo.InvariantCulture));
        var normalised = $"[{string.Join(',', numbers)}]";
        var base64 = $"{{\"b64\":\"{Convert.ToBase64String(Pictures.SevenPng)}\"}}";
        var answer = await _client.PostJsonAsync($"{{\"instances\":[{normalised},{base64}]}}").PredictionsAsync();
        Assert.Equal(1, answer.Scale);
        foreach (var prediction in answer.Predictions)
        {
            for (var i = 0; i < 10; i++)
                Assert.Equal(bytes.Predictions[0].Probabilities[i], prediction.Probabilities[i], 1e-5f);
        }
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("255", 255)]
    [InlineData("1.0", 1)]
    public async Task A_scale_is_taken_at_its_word(string scale, int expected)
    {
        var before = await _client.PostJsonAsync($"{{\"scale\":{scale},\"instances\":[{Pictures.JsonWith(400, "1")}]}}").PredictionsAsync();
        var after = await _client.PostJsonAsync($"{{\"instances\":[{Pictures.JsonWith(400, "1")}],\"scale\":{scale}}}").PredictionsAsync();
        Assert.Equal((expected, expected), (before.Scale, after.Scale));
        Assert.Equal(before.Predictions[0].Probabilities, after.Predictions[0].Probabilities);
    }

    [Fact]
    public async Task The_order_of_files_is_kept_and_fields_are_ignored()
    {
        var bar = new byte[784];
        for (var y = 4; y < 24; y++)
            bar.AsSpan(y * 28 + 13, 2).Fill(255);
        var one = MnistApi.Imaging.PngEncoding.Encode(bar, 28, 28);
        var answer = await _client.PostFilesAsync(
            ("comment", null, "hello"u8.ToArray()), ("a", "1.png", Pictures.SevenPng), ("b", "2.png", one)).PredictionsAsync();
        Assert.Equal([7, 1], answer.Predictions.Select(prediction => prediction.Digit));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(3000)]
    public async Task Any_number_of_raw_images(int images)
    {
        var body = Enumerable.Repeat(Pictures.Seven, images).SelectMany(pixels => pixels).ToArray();
        var answer = await _client.PostAsync("application/octet-stream", body).PredictionsAsync();
        Assert.Equal(images, answer.Predictions.Count);
        Assert.All(answer.Predictions, AssertSeven);
    }

    [Fact]
    public async Task A_content_type_may_carry_parameters_and_capitals() =>
        AssertSeven((await _client.PostAsync("Application/JSON; charset=utf-8",
            System.Text.Encoding.UTF8.GetBytes($"{{\"instances\":[{Pictures.SevenJson}]}}")).PredictionsAsync()).Predictions[0]);

    [Fact]
    public async Task Spaces_newlines_and_exponents_are_json_too()
    {
        var json = $" {{ \"instances\" :\n [ {Pictures.JsonWith(100, "2.5e1").Replace(",", " ,\r\n\t", StringComparison.Ordinal)} ] }} ";
        Assert.Equal(255, (await _client.PostJsonAsync(json).PredictionsAsync()).Scale);
    }

    private static void AssertSeven(Prediction prediction)
    {
        Assert.Equal(7, prediction.Digit);
        Assert.InRange(prediction.Probability, 0.9f, 1f);
        Assert.Equal(prediction.Probability, prediction.Probabilities[7]);
        Assert.Equal(10, prediction.Probabilities.Count);
        Assert.Equal(1, prediction.Probabilities.Sum(), 1e-5f);
    }
}
