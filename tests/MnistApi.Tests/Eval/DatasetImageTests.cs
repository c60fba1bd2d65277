using System.Net;
using System.Net.Http.Json;
using MnistApi.Eval;
using MnistApi.Imaging;
using MnistApi.TestData;

namespace MnistApi.Tests.Eval;

/// <summary>MNIST's pictures one by one, and what GET /eval lists of them.</summary>
public sealed class DatasetImageTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Theory]
    [InlineData(0)]
    [InlineData(9999)]
    public async Task A_test_picture_is_the_files_bit_for_bit(int index)
    {
        var set = await Mnist.TestAsync();
        var response = await _client.GetAsync($"/dataset/test/{index}.png", TestContext.Current.CancellationToken);
        Assert.Equal("image/png", response.Content.Headers.ContentType?.MediaType);
        var pixels = new byte[784];
        DigitReader.Read(
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), pixels, preprocess: Preprocess.None);
        Assert.Equal(set.Image(index).ToArray(), pixels);
    }

    [Fact]
    public async Task An_index_beyond_the_split_is_404()
    {
        await Mnist.TestAsync();
        Assert.Equal("there is no image 10000 in test, expected 0 to 9999",
            await _client.GetAsync("/dataset/test/10000.png", TestContext.Current.CancellationToken).ProblemAsync(HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("/dataset/validation/0.png", HttpStatusCode.NotFound, "there is no split 'validation', expected test or train")]
    [InlineData("/dataset/test/first.png", HttpStatusCode.BadRequest, "the index is 'first', expected a whole number from 0")]
    [InlineData("/dataset/test/99999999999.png", HttpStatusCode.BadRequest, "the index is '99999999999', expected a whole number from 0")]
    [InlineData(
        "/eval?include=all", HttpStatusCode.BadRequest, "include is 'all', expected misses, predictions or both with a comma between")]
    public async Task Other_names_are_refused(string path, HttpStatusCode status, string detail) =>
        Assert.Equal(detail, await _client.GetAsync(path, TestContext.Current.CancellationToken).ProblemAsync(status));

    [Fact]
    public async Task Where_the_data_is_not_there_it_is_503_with_what_to_do()
    {
        var empty = Directory.CreateTempSubdirectory("no-mnist");
        await using var without = new Service("Production", ("Dataset:Path", empty.FullName), ("Dataset:Download", "false"));
        var detail = await without.CreateClient().GetAsync("/dataset/test/0.png", TestContext.Current.CancellationToken)
            .ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Contains("mnist dataset fetch", detail, StringComparison.Ordinal);
        empty.Delete();
    }

    [Fact]
    public async Task Eval_lists_what_it_answered_wrong_and_everything()
    {
        var set = await Mnist.TestAsync();
        var answer = (await _client.GetFromJsonAsync<EvalResponse>(
            "/eval?include=misses,predictions", Service.Json, TestContext.Current.CancellationToken))!;
        Assert.Equal(answer.Total - answer.Correct, answer.Misses!.Count);
        Assert.Equal(set.Labels.ToArray().Select(label => (int)label), answer.Labels!);
        Assert.Equal(answer.Correct, answer.Labels!.Zip(answer.Predictions!).Count(pair => pair.First == pair.Second));
        Assert.All(answer.Misses, miss =>
        {
            Assert.NotEqual(miss.Label, miss.Digit);
            Assert.Equal((answer.Labels![miss.Index], answer.Predictions![miss.Index]), (miss.Label, miss.Digit));
            Assert.Equal(miss.Digit, miss.Probabilities.ToList().IndexOf(miss.Probabilities.Max()));
        });
    }
}
