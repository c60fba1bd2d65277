using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
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
        var png = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(set.Image(index).ToArray(), DigitReader.ReadDigit(png, preprocess: Preprocess.None).Digits[0].Pixels);
    }

    /// <summary>What is kept for one key or one origin is not for another, and each is said once.</summary>
    [Theory]
    [InlineData(false, 0, "")]
    [InlineData(false, 1, "Origin")]
    [InlineData(false, 2, "Origin")]
    [InlineData(true, 0, "Authorization, X-Api-Key")]
    [InlineData(true, 1, "Authorization, X-Api-Key, Origin")]
    [InlineData(true, 2, "Authorization, X-Api-Key, Origin")]
    public async Task Caches_are_told_what_it_depends_on(bool hasKey, int origins, string vary)
    {
        await Mnist.TestAsync();
        (string, string)[] key = [("Access:Keys:0:Name", "a"), ("Access:Keys:0:Sha256", Convert.ToHexStringLower(SHA256.HashData("k"u8)))];
        (string, string)[] both = [("Access:Origins:0", "https://example.org"), ("Access:Origins:1", "https://example.com")];
        await using var set = new Service("Production", [.. hasKey ? key : [], .. both[..origins]]);
        foreach (var origin in new[] { null, "https://example.org", "https://example.net" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/dataset/test/0.png") { Headers = { { "X-Api-Key", "k" } } };
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            using var answer = await set.CreateClient().SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(hasKey, answer.Headers.CacheControl!.Private);
            Assert.Equal(!hasKey, answer.Headers.CacheControl!.Public);
            Assert.Equal(vary, string.Join(", ", answer.Headers.Vary));
        }
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
    public async Task A_file_where_a_folder_is_wanted_and_a_folder_that_may_not_be_read_are_named()
    {
        var folder = Directory.CreateTempSubdirectory("mnist");
        var file = Path.Combine(folder.FullName, "t10k-images-idx3-ubyte");
        await File.WriteAllBytesAsync(file, [], TestContext.Current.CancellationToken);
        Assert.Contains($"is not in {file} (a file; the folder that it lies in was expected)", await MissingAsync(file));
        if (!OperatingSystem.IsWindows() && Environment.UserName != "root") // whom no mode keeps out
        {
            File.SetUnixFileMode(file, UnixFileMode.None);
            Assert.Contains($"{file} cannot be read: Access to the path", await MissingAsync(folder.FullName));
            File.SetUnixFileMode(folder.FullName, UnixFileMode.None);
            Assert.Contains($"{folder.FullName} (which cannot be read: Access to the path", await MissingAsync(folder.FullName));
            File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        folder.Delete(recursive: true);

        static async Task<string> MissingAsync(string path)
        {
            await using var service = new Service("Production", ("Dataset:Path", path), ("Dataset:Download", "false"));
            return await service.CreateClient().GetAsync("/dataset/test/0.png", TestContext.Current.CancellationToken)
                .ProblemAsync(HttpStatusCode.ServiceUnavailable);
        }
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
