using System.Net;
using System.Text.Json;
using MnistApi.Imaging;

namespace MnistApi.Tests.Predict;

/// <summary>POST /predict?expect=number: each picture is a line of digits.</summary>
public sealed class NumberTests(Service service) : IClassFixture<Service>
{
    private const int Enlarged = 2;
    private const int Step = 60; // from digit to digit

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Digits_side_by_side_are_a_number_with_a_place_each()
    {
        var number = Assert.Single(await NumbersAsync("?expect=number", Png(Sevens(3))));
        Assert.Equal("777", number.GetProperty("number").GetString());
        var digits = number.GetProperty("digits").EnumerateArray().ToArray();
        Assert.Equal([7, 7, 7], digits.Select(digit => digit.GetProperty("digit").GetInt32()));
        Assert.All(digits, digit => Assert.Equal(["digit", "probability", "probabilities", "box"],
            digit.EnumerateObject().Select(member => member.Name)));
        var together = digits.Aggregate(1.0, (product, digit) => product * digit.GetProperty("probability").GetDouble());
        Assert.Equal(together, number.GetProperty("probability").GetDouble(), 1e-5);
        var boxes = digits.Select(digit => digit.GetProperty("box")).ToArray();
        Assert.Equal([Step, Step], boxes.Zip(boxes.Skip(1), (one, next) => Left(next) - Left(one)));
        // the seven's own ink: columns 6 to 21 and rows 8 to 27 of 28
        Assert.InRange(Left(boxes[0]), 20 + 6 * Enlarged - 2, 20 + 6 * Enlarged + 2);
        Assert.InRange(boxes[0].GetProperty("width").GetInt32(), 16 * Enlarged - 4, 16 * Enlarged + 4);

        static int Left(JsonElement box) => box.GetProperty("left").GetInt32();
    }

    [Fact]
    public async Task A_single_digit_is_a_number_of_one()
    {
        foreach (var png in new[] { Pictures.SevenPng, Sevens(1) })
        {
            var number = Assert.Single(await NumbersAsync("?expect=number", Png(png)));
            Assert.Equal("7", number.GetProperty("number").GetString());
            var digit = number.GetProperty("digits")[0];
            Assert.Equal(digit.GetProperty("probability").GetDouble(), number.GetProperty("probability").GetDouble());
        }
        Assert.Equal(7, Assert.Single((await SendAsync("?expect=digit", Png(Pictures.SevenPng)).PredictionsAsync()).Predictions).Digit);
    }

    [Fact]
    public async Task Every_file_and_every_instance_is_a_number()
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(Sevens(2)), "a", "1.png" },
            { new ByteArrayContent(Pictures.SevenPng), "b", "2.png" }, { new ByteArrayContent(Sevens(4)), "c", "3.png" } };
        Assert.Equal(["77", "7", "7777"], (await NumbersAsync("?expect=number", form)).Select(Text));
        var json = $"{{\"instances\":[{B64(Sevens(4))},{B64(Sevens(2))}]}}";
        Assert.Equal(["7777", "77"], (await NumbersAsync("?expect=number", Json(json))).Select(Text));

        static string? Text(JsonElement number) => number.GetProperty("number").GetString();
    }

    [Fact]
    public async Task Each_digit_has_what_include_asks_for()
    {
        var number = Assert.Single(await NumbersAsync("?expect=number&include=input,activations", Png(Sevens(2))));
        foreach (var digit in number.GetProperty("digits").EnumerateArray())
        {
            Assert.Equal(784, digit.GetProperty("input").GetProperty("pixels").GetArrayLength());
            Assert.Equal(10, digit.GetProperty("activations").GetProperty("logits").GetArrayLength());
        }
    }

    [Fact]
    public async Task Include_for_more_than_a_hundred_digits_is_413()
    {
        var json = Json($"{{\"instances\":[{string.Join(',', Enumerable.Repeat(B64(Sevens(20)), 6))}]}}");
        Assert.Equal("expected at most 100 images with include, got 120",
            await SendAsync("?expect=number&include=input", json).ProblemAsync(HttpStatusCode.RequestEntityTooLarge));
    }

    [Fact]
    public async Task Twenty_digits_are_a_number_and_21_are_422()
    {
        var number = Assert.Single(await NumbersAsync("?expect=number", Png(Sevens(20))));
        Assert.Equal(new string('7', 20), number.GetProperty("number").GetString());
        var detail = await SendAsync("?expect=number", Png(Sevens(21))).ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.StartsWith("the picture has too many digits: expected at most 20, got 21: ", detail);
    }

    [Fact]
    public async Task Pixels_are_one_digit_an_image_and_400()
    {
        const string Detail = "expected pictures with expect=number, got pixels, which are one digit an image: leave expect out";
        foreach (var content in new[] { Json($"{{\"instances\":[{Pictures.SevenJson}]}}"), Raw(Pictures.Seven),
            Json($"{{\"instances\":[{B64(Pictures.SevenPng)},{Pictures.SevenJson}]}}") })
        {
            Assert.Equal(Detail, await SendAsync("?expect=number", content).ProblemAsync(HttpStatusCode.BadRequest));
        }
    }

    [Theory]
    [InlineData("?expect=number&preprocess=none", "expect is number and preprocess none, expected preprocess auto: ")]
    [InlineData("?expect=numbers", "expect is 'numbers', expected digit or number")]
    [InlineData("?expect=", "expect is '', expected digit or number")]
    public async Task Other_values_are_400(string query, string detail) =>
        Assert.StartsWith(detail, await SendAsync(query, Png(Sevens(2))).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task The_document_has_the_answer()
    {
        using var document = JsonDocument.Parse(
            await _client.GetStringAsync("/swagger/v1/swagger.json", TestContext.Current.CancellationToken));
        var parameters = document.RootElement.GetProperty("paths").GetProperty("/predict").GetProperty("post").GetProperty("parameters");
        var expect = parameters.EnumerateArray().Single(parameter => parameter.GetProperty("name").GetString() == "expect");
        Assert.Contains("""{"predictions":[{"number":"42",""", expect.GetProperty("description").GetString());
    }

    private async Task<JsonElement[]> NumbersAsync(string query, HttpContent content)
    {
        var response = await SendAsync(query, content);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        using var document = JsonDocument.Parse(text);
        return [.. document.RootElement.Clone().GetProperty("predictions").EnumerateArray()];
    }

    private Task<HttpResponseMessage> SendAsync(string query, HttpContent content) =>
        _client.PostAsync($"/predict{query}", content, TestContext.Current.CancellationToken);

    private static ByteArrayContent Png(byte[] file) => new(file) { Headers = { ContentType = new("image/png") } };

    private static ByteArrayContent Raw(byte[] bytes) => new(bytes) { Headers = { ContentType = new("application/octet-stream") } };

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private static string B64(byte[] file) => $"{{\"b64\":\"{Convert.ToBase64String(file)}\"}}";

    /// <summary>The example so many times in a line, dark on light.</summary>
    private static byte[] Sevens(int count)
    {
        const int Height = 96, Margin = 20;
        var width = 2 * Margin + count * Step;
        var pixels = new byte[width * Height];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i % width - Margin, i / width - Margin);
            var (column, row) = (x >= 0 ? x % Step / Enlarged : 28, y >= 0 ? y / Enlarged : 28);
            pixels[i] = column < 28 && row < 28 && x / Step < count ? (byte)(255 - Pictures.Seven[row * 28 + column]) : (byte)255;
        }
        return PngEncoding.Encode(pixels, width, Height);
    }
}
