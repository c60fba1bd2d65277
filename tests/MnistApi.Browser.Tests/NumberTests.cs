using System.Net;
using System.Text.Json;
using MnistApi.Imaging;
using PuppeteerSharp;

namespace MnistApi.Browser.Tests;

/// <summary>A number drawn is a number read.</summary>
public sealed class NumberTests(PageService service) : IClassFixture<PageService>
{
    private static readonly (double, double)[] s_four = [(0.28, 0.25), (0.14, 0.56), (0.42, 0.56)];
    private static readonly (double, double)[] s_foursStem = [(0.35, 0.38), (0.33, 0.78)];
    private static readonly (double, double)[] s_two =
        [(0.58, 0.36), (0.63, 0.27), (0.74, 0.25), (0.82, 0.33), (0.79, 0.45), (0.68, 0.60), (0.56, 0.76), (0.70, 0.75), (0.88, 0.76)];

    [Fact]
    public async Task Forty_two_drawn_is_read_as_forty_two()
    {
        await using var visit = await Visit.BeginAsync(service, Visit.Screen);
        await visit.Page.ClickAsync("#clear");
        await DrawAsync(visit);
        await visit.SeesAsync(42);
        Assert.Equal(2, await visit.AskAsync<int>("document.querySelectorAll('#parts input').length"));
        await visit.ShootAsync("number");
    }

    [Fact]
    public async Task Each_digit_of_a_number_has_its_own_bars_picture_and_inside_view()
    {
        var answer = new ResponseData { ContentType = "application/json", Body = FortyTwo() };
        var isNumber = false;
        await using var visit = await Visit.BeginAsync(
            service, Visit.Screen, intercept: request => Task.FromResult(isNumber && Reads(request) ? answer : null));
        await visit.GoToAsync("use", "[role=tab]");
        await visit.GoToAsync("inside", ".strong line");
        Assert.True(await visit.AskAsync<bool>("document.getElementById('parts').hidden"));
        isNumber = true;
        await visit.Page.ClickAsync("#clear");
        await DrawAsync(visit);
        await visit.SeesAsync(42);
        Assert.Equal("98% sure.", await visit.TextAsync("#sentence"));
        Assert.Equal(["4", "2"], await visit.AskAsync<string[]>(
            "[...document.querySelectorAll('#parts b')].map(digit => digit.textContent)"));
        Assert.Equal(20, await visit.AskAsync<int>("document.querySelectorAll('#parts .small-bars i').length"));
        Assert.Equal("4", await visit.TextAsync("#bars .best .label"));
        Assert.Equal("4", await visit.AskAsync<string>("document.querySelector('#diagram .unit.best').dataset.unit"));
        await visit.ShootAsync("number-intercepted");

        await visit.Page.EvaluateExpressionAsync("document.querySelector('#parts input').focus()");
        await visit.PressAsync("ArrowRight"); // by keyboard to the second digit
        Assert.Equal("2", await visit.TextAsync("#bars .best .label"));
        Assert.Equal("2", await visit.AskAsync<string>("document.querySelector('#diagram .unit.best').dataset.unit"));
        Assert.Equal("42", await visit.TextAsync("#digit"));
        Assert.Contains("/predict?expect=number", await visit.TextAsync("#snippet"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_digits_than_are_read_are_refused_in_a_sentence()
    {
        var answer = new ResponseData
        {
            Status = HttpStatusCode.UnprocessableEntity,
            ContentType = "application/problem+json",
            Body = """{"detail":"expected at most 20 digits, got 21"}""",
        };
        var isNumber = false;
        await using var visit = await Visit.BeginAsync(
            service, Visit.Screen, intercept: request => Task.FromResult(isNumber && Reads(request) ? answer : null));
        visit.ExpectedStatus = 422;
        isNumber = true;
        await visit.DrawByMouseAsync(1);
        await visit.WaitAsync("document.body.dataset.state === 'refused'");
        Assert.Equal("These are more digits than I can read at once.", await visit.TextAsync("#sentence"));
        Assert.Equal("Expected at most 20 digits, got 21.", await visit.TextAsync("#fine"));
        await visit.ShootAsync("refused");
    }

    private static bool Reads(IRequest request) => request.Url.Contains("/predict?expect=number", StringComparison.Ordinal);

    private static async Task DrawAsync(Visit visit)
    {
        await visit.DrawByMouseAsync(s_four);
        await visit.DrawByMouseAsync(s_foursStem);
        await visit.DrawByMouseAsync(s_two);
    }

    /// <summary>What POST /predict?expect=number answers to 42.</summary>
    private static string FortyTwo() => JsonSerializer.Serialize(new
    {
        model = "mnist",
        predictions = new[] { new { number = "42", probability = 0.98, digits = new[] { Digit(4, 30, 60), Digit(2, 150, 100) } } },
    });

    private static object Digit(int digit, int left, int width)
    {
        var pixels = Enumerable.Range(0, 784).Select(i => i % 28 == 10 + digit ? 255 : 0).ToArray();
        return new
        {
            digit,
            probability = 0.99,
            probabilities = Enumerable.Range(0, 10).Select(i => i == digit ? 0.991 : 0.001),
            box = new { left, top = 60, width, height = 160 },
            input = new
            {
                pixels,
                png = Convert.ToBase64String(PngEncoding.Encode([.. pixels.Select(level => (byte)level)], 28, 28)),
                steps = new[] { "scaled to 20x20 and centred" },
            },
            activations = new
            {
                z1 = Enumerable.Range(0, 50).Select(i => i / 50.0),
                z2 = Enumerable.Range(0, 100).Select(i => i / 100.0),
                logits = Enumerable.Range(0, 10).Select(i => i == digit ? 6.9 : 0),
            },
        };
    }
}
