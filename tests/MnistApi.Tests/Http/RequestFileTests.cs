using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MnistApi.TestData;

namespace MnistApi.Tests.Http;

public sealed class RequestFileTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    public static TheoryData<string> Titles => [.. FileRequest.All.Select(request => request.Title)];

    [Theory]
    [MemberData(nameof(Titles))]
    public async Task Each_request_is_answered_as_the_file_says(string title)
    {
        var request = FileRequest.All.Single(request => request.Title == title);
        if (request.NeedsMnist)
            await Mnist.TestAsync();
        using var message = request.ToMessage();
        using var response = await _client.SendAsync(message, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(request.Status == (int)response.StatusCode, $"expected {request.Status}, got {(int)response.StatusCode}: {answer}");
    }

    [Fact]
    public async Task Every_operation_of_the_document_is_in_the_file()
    {
        var document = JsonNode.Parse(
            await _client.GetStringAsync("/swagger/v1/swagger.json", TestContext.Current.CancellationToken))!;
        var missing = new List<string>();
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            // A path with a version means the same as the one without.
            var pattern = new Regex("^" + Regex.Replace(Regex.Replace(path, "/versions/{[^}]*}", ""), "{[^}]*}", "[^/?]+") + "([?]|$)");
            foreach (var (method, _) in operations!.AsObject())
            {
                if (!FileRequest.All.Any(request => IsSame(request.Method.Method, method) && pattern.IsMatch(request.Address)))
                    missing.Add($"{method} {path}");
            }
        }
        Assert.Empty(missing);
    }

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
