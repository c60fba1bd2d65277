using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using MnistApi.Functions;

namespace MnistApi.Tests.Functions;

public sealed class ActivationsEndpointTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Lists_the_chapters_functions_and_where_they_are_used()
    {
        var answer = (await _client.GetFromJsonAsync<ActivationsResponse>(
            "/activations", Service.Json, TestContext.Current.CancellationToken))!.Activations;
        Assert.Equal(["identity", "step", "sigmoid", "relu", "softmax"], answer.Select(each => each.Name));
        Assert.Equal(["layer1", "layer2"], answer[2].Layers);
        Assert.Equal(["layer3"], answer[4].Layers);
        foreach (var each in answer)
        {
            Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(each.Values, TestContext.Current.CancellationToken)).StatusCode);
            Assert.Equal("image/svg+xml",
                (await _client.GetAsync(each.Plot, TestContext.Current.CancellationToken)).Content.Headers.ContentType?.MediaType);
        }
    }

    /// <summary>The chapter's own examples.</summary>
    [Theory]
    [InlineData("step?x=-1,1,2", new[] { 0f, 1f, 1f })]
    [InlineData("sigmoid?x=-1,1,2", new[] { 0.26894142f, 0.73105858f, 0.88079708f })]
    [InlineData("relu?x=-1,0,3.5", new[] { 0f, 0f, 3.5f })]
    [InlineData("identity?x=-1e-3", new[] { -0.001f })]
    [InlineData("softmax?x=0.3,2.9,4.0", new[] { 0.01821127f, 0.24519181f, 0.73659691f })]
    public async Task Values_are_the_chapters(string path, float[] expected)
    {
        var y = (await ValuesAsync(path))["y"]!.AsArray().Select(value => (float)value!).ToArray();
        Assert.Equal(expected.Length, y.Length);
        Assert.All(y.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Fact]
    public async Task Without_x_there_are_the_plots_points()
    {
        var x = (await ValuesAsync("sigmoid"))["x"]!.AsArray();
        Assert.Equal((101, -5f, 5f), (x.Count, (float)x[0]!, (float)x[100]!));
    }

    [Fact]
    public async Task Softmax_as_written_overflows_and_with_the_maximum_subtracted_does_not()
    {
        var answer = await ValuesAsync("softmax?x=1010,1000,990");
        Assert.Equal(["Infinity", "Infinity", "Infinity"], answer["naive"]!["exponentials"]!.AsArray().Select(value => (string)value!));
        Assert.Equal(["NaN", "NaN", "NaN"], answer["naive"]!["y"]!.AsArray().Select(value => (string)value!));
        Assert.Equal(1010, (float)answer["maxSubtracted"]!["shift"]!);
        Assert.Equal(1, answer["maxSubtracted"]!["y"]!.AsArray().Sum(value => (double)value!), 5);
        Assert.Equal(0.99995458f, (float)answer["y"]![0]!, 1e-6f);
    }

    [Fact]
    public async Task Only_softmax_has_two_ways() =>
        Assert.Equal(["name", "x", "y"], (await ValuesAsync("relu?x=1")).AsObject().Select(member => member.Key));

    [Theory]
    [InlineData(
        "/activations/tanh", HttpStatusCode.NotFound, "there is no activation 'tanh', expected identity, step, sigmoid, relu, softmax")]
    [InlineData("/activations/Sigmoid/plot.svg", HttpStatusCode.NotFound,
        "there is no activation 'Sigmoid', expected identity, step, sigmoid, relu, softmax")]
    [InlineData("/activations/sigmoid/plot.svg?against=tanh", HttpStatusCode.NotFound,
        "there is no activation 'tanh', expected identity, step, sigmoid, relu, softmax")]
    [InlineData("/activations/sigmoid/plot.svg?against=softmax", HttpStatusCode.BadRequest,
        "softmax has no curve of one number, so it cannot be drawn against another function")]
    [InlineData("/activations/sigmoid?x=1,two", HttpStatusCode.BadRequest,
        "x[1] is 'two', expected a finite number such as -1.5; numbers stand with commas between")]
    [InlineData("/activations/sigmoid?x=", HttpStatusCode.BadRequest,
        "x[0] is '', expected a finite number such as -1.5; numbers stand with commas between")]
    [InlineData("/activations/sigmoid?x=1e99", HttpStatusCode.BadRequest,
        "x[0] is '1e99', expected a finite number such as -1.5; numbers stand with commas between")]
    [InlineData("/activations/sigmoid?x=NaN", HttpStatusCode.BadRequest,
        "x[0] is 'NaN', expected a finite number such as -1.5; numbers stand with commas between")]
    public async Task What_is_not_there_or_no_number_is_refused(string path, HttpStatusCode status, string detail) =>
        Assert.Equal(detail, await _client.GetAsync(path, TestContext.Current.CancellationToken).ProblemAsync(status));

    [Fact]
    public async Task At_most_a_thousand_numbers_are_taken()
    {
        Assert.Equal(1000, (await ValuesAsync($"relu?x={Numbers(1000)}"))["y"]!.AsArray().Count);
        Assert.Equal("x has 1001 numbers, expected at most 1000",
            await _client.GetAsync($"/activations/relu?x={Numbers(1001)}", TestContext.Current.CancellationToken)
                .ProblemAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Step_and_sigmoid_stand_in_one_figure()
    {
        var svg = XDocument.Parse(
            await _client.GetStringAsync("/activations/sigmoid/plot.svg?against=step", TestContext.Current.CancellationToken));
        var curves = svg.Descendants().Where(element => element.Name.LocalName == "path"
            && element.Attribute("class")!.Value.StartsWith("curve", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["curve", "curve second"], curves.Select(curve => curve.Attribute("class")!.Value));
        Assert.Equal(4, curves[1].Attribute("d")!.Value.Split('M', 'L').Length - 1); // the step's two ends and two corners
    }

    private static string Numbers(int count) => string.Join(',', Enumerable.Range(0, count));

    private async Task<JsonNode> ValuesAsync(string path) =>
        JsonNode.Parse(await _client.GetStringAsync($"/activations/{path}", TestContext.Current.CancellationToken))!;
}
