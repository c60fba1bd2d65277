using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MnistApi.Imaging;
using MnistApi.Overload;
using MnistApi.Problems;
using MnistApi.TestData;

namespace MnistApi.Tests.OpenApi;

/// <summary>
/// The document's examples of answers are what a client gets: each operation is sent its own example, and requests that break its rules.
/// With RENEW_ANSWERS=1 the file is written instead.
/// </summary>
public sealed class AnswerExampleTests(Service service) : IClassFixture<Service>
{
    private const string Wrong = "nothing";
    private static readonly string s_file = Clone.PathOf("src", "MnistApi", "OpenApi", "answers.json");

    private static readonly JsonSerializerOptions s_readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Each_is_what_a_client_gets()
    {
        var document = JsonNode.Parse(
            await _client.GetStringAsync("/swagger/v1/swagger.json", TestContext.Current.CancellationToken))!;
        var kept = JsonNode.Parse(await File.ReadAllTextAsync(s_file, TestContext.Current.CancellationToken))!;
        var renewed = new JsonObject();
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var id = (string)operation!["operationId"]!;
                var answers = await AnswersAsync(id, new HttpMethod(method.ToUpperInvariant()), path, operation, kept);
                if (answers.Count > 0)
                    renewed[id] = answers;
            }
        }
        if (Environment.GetEnvironmentVariable("RENEW_ANSWERS") == "1")
            await File.WriteAllTextAsync(s_file, renewed.ToJsonString(s_readable) + "\n", TestContext.Current.CancellationToken);
        else
            AssertSame("", renewed, kept);
    }

    /// <summary>What the operation answers with each status that the document promises with JSON.</summary>
    private async Task<JsonObject> AnswersAsync(string id, HttpMethod method, string path, JsonNode operation, JsonNode kept)
    {
        var promised = operation["responses"]!.AsObject()
            .Where(answer => answer.Value!["content"]?.AsObject().Any(body => body.Key.EndsWith("json", StringComparison.Ordinal)) ?? false)
            .Select(answer => answer.Key).Where(status => status != "500").ToHashSet();
        var answers = new JsonObject();
        if (id == "eval")
            answers["200"] = kept[id]!["200"]!.DeepClone(); // compared where MNIST is: OpenApiTests
        foreach (var status in promised.Order(StringComparer.Ordinal))
        {
            if (ByState(id, int.Parse(status, null)) is { } problem)
                answers[status] = JsonNode.Parse(problem.ToJson());
        }
        var asksRight = promised.Contains("200") && !answers.ContainsKey("200");
        foreach (var request in Requests(method, path, operation).Skip(asksRight ? 0 : 1).TakeWhile(_ => answers.Count < promised.Count))
        {
            using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            var status = $"{(int)response.StatusCode}";
            if (promised.Contains(status) && !answers.ContainsKey(status))
                answers[status] = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        Assert.True(promised.SetEquals(answers.Select(answer => answer.Key)), $"{id}: {answers.ToJsonString()}");
        return new JsonObject(answers.OrderBy(answer => answer.Key, StringComparer.Ordinal)
            .Select(answer => KeyValuePair.Create(answer.Key, answer.Value?.DeepClone())));
    }

    /// <summary>An answer that depends on the service's state, not on the request alone.</summary>
    private static Problem? ByState(string id, int status)
    {
        using var admission = new Admission(new OverloadOptions { Concurrency = 2, Queue = 8 }, heldBytes: 0);
        var needsMnist = id is "eval" or "datasetImage";
        var detail = status switch
        {
            413 when id == "weights" => "layer 1 has 1048577 weights, at most 1048576 are sent",
            429 when needsMnist => "another evaluation was still running after 10 seconds; try again later",
            429 => admission.OverQuota().Message,
            503 when needsMnist => "t10k-images-idx3-ubyte (or .gz) is not in data, and downloading is turned off. 'mnist dataset fetch "
                + "DIR' (in a clone: dotnet run --project src/MnistApi.Cli -- dataset fetch DIR) puts the files into DIR; Dataset:Path "
                + "(environment variable Dataset__Path) names it.",
            503 when id.Contains("eady", StringComparison.Ordinal) => "the service is stopping",
            503 => admission.Overloaded().Message,
            _ => null,
        };
        var isProtocols = status == 503 && (id.StartsWith("serverReady", StringComparison.Ordinal)
            || id.StartsWith("modelReady", StringComparison.Ordinal));
        return detail is null ? null : Problem.Of(status, detail) with { Ready = isProtocols ? false : null };
    }

    private static IEnumerable<HttpRequestMessage> Requests(HttpMethod method, string path, JsonNode operation)
    {
        var parameters = (operation["parameters"]?.AsArray() ?? []).Select(parameter => parameter!)
            .Where(parameter => (string)parameter["in"]! != "header").ToArray();
        var examples = (operation["requestBody"]?["content"]?["application/json"]?["examples"]?.AsObject() ?? [])
            .Select(example => example.Value!["value"]!.ToJsonString(s_readable)).ToArray();
        var right = examples.FirstOrDefault();
        yield return Request(null, right);
        foreach (var parameter in parameters)
            yield return Request((string)parameter["name"]!, right);
        if (path.EndsWith("/plot.svg", StringComparison.Ordinal)) // each is right, but not together
            yield return new HttpRequestMessage(method, "/activations/softmax/plot.svg?against=step");
        if (right is null)
            yield break;
        yield return Request(null, "{");
        yield return Request(null, right, content => content.ContentType = new MediaTypeHeaderValue("text/csv"));
        yield return Request(null, right, content => content.ContentEncoding.Add(Wrong));
        yield return Request(null, right, content => content.ContentLength = int.MaxValue);
        var blank = Convert.ToBase64String(PngEncoding.Encode(Enumerable.Repeat((byte)255, 64 * 64).ToArray(), 64, 64));
        var seven = Convert.ToBase64String(Pictures.SevenPng);
        foreach (var example in examples)
            yield return Request(null, example.Replace(seven, blank, StringComparison.Ordinal));

        // The parameters with their examples, and one of them wrong.
        HttpRequestMessage Request(string? wrong, string? body, Action<HttpContentHeaders>? change = null)
        {
            var (address, query) = (path, "");
            foreach (var parameter in parameters)
            {
                var name = (string)parameter["name"]!;
                var value = name == wrong ? Wrong : parameter["example"]?.ToString();
                address = address.Replace($"{{{name}}}", value, StringComparison.Ordinal);
                if (value is not null && (string)parameter["in"]! == "query")
                    query += $"{(query.Length == 0 ? '?' : '&')}{name}={value}";
            }
            var request = new HttpRequestMessage(method, address + query);
            if (body is null)
                return request;
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new("application/json") } };
            change?.Invoke(request.Content.Headers);
            return request;
        }
    }

    /// <summary>Numbers may differ in what a processor's instructions make of the last digits.</summary>
    private static void AssertSame(string place, JsonNode? real, JsonNode? kept)
    {
        if (real is JsonObject members && kept is JsonObject others)
        {
            Assert.Equal(members.Select(member => $"{place}/{member.Key}"), others.Select(member => $"{place}/{member.Key}"));
            foreach (var (name, value) in members)
                AssertSame($"{place}/{name}", value, others[name]);
        }
        else if (real is JsonArray items && kept is JsonArray otherItems && items.Count == otherItems.Count)
        {
            for (var i = 0; i < items.Count; i++)
                AssertSame($"{place}/{i}", items[i], otherItems[i]);
        }
        else if (real?.GetValueKind() == JsonValueKind.Number && kept?.GetValueKind() == JsonValueKind.Number)
        {
            Assert.True(Math.Abs((double)real - (double)kept) < 1e-5, $"{place}: {real} and {kept}");
        }
        else
        {
            Assert.True(JsonNode.DeepEquals(real, kept), $"{place}: {real} and {kept}");
        }
    }
}
