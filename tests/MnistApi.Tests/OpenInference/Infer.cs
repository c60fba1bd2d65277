using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace MnistApi.Tests.OpenInference;

/// <summary>Inference requests as clients write them.</summary>
internal static class Infer
{
    public const string Path = "/v2/models/mnist/infer";

    public static string Pixels(string data, string shape = "[1,784]", string datatype = "UINT8", string more = "") =>
        $"{{\"inputs\":[{{\"name\":\"pixels\",\"shape\":{shape},\"datatype\":\"{datatype}\",\"data\":{data}}}]{more}}}";

    /// <summary>The JSON before an input's bytes.</summary>
    public static string BinaryHead(int bytes, string datatype, string shape = "[1,784]", string name = "pixels", string more = "") =>
        $"{{\"inputs\":[{{\"name\":\"{name}\",\"shape\":{shape},\"datatype\":\"{datatype}\","
        + $"\"parameters\":{{\"binary_data_size\":{bytes}}}}}]{more}}}";

    public static Task<HttpResponseMessage> InferAsync(this HttpClient client, string json) =>
        client.InferAsync(Encoding.UTF8.GetBytes(json), null);

    public static Task<HttpResponseMessage> InferAsync(this HttpClient client, string json, byte[] binary)
    {
        var head = Encoding.UTF8.GetBytes(json);
        return client.InferAsync([.. head, .. binary], head.Length.ToString(CultureInfo.InvariantCulture));
    }

    public static Task<HttpResponseMessage> InferAsync(this HttpClient client, byte[] body, string? jsonLength, string? encoding = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
        if (jsonLength is not null)
            request.Headers.Add("Inference-Header-Content-Length", jsonLength);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The answer's JSON, and the bytes after it.</summary>
    public static async Task<(JsonNode Json, byte[] Binary)> AnswerAsync(this Task<HttpResponseMessage> sent)
    {
        var response = await sent;
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        if (!response.Headers.TryGetValues("Inference-Header-Content-Length", out var lengths))
        {
            Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
            return (JsonNode.Parse(body)!, []);
        }
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.ToString());
        var length = int.Parse(lengths.Single(), CultureInfo.InvariantCulture);
        return (JsonNode.Parse(body.AsSpan(0, length))!, body[length..]);
    }

    public static JsonNode Output(this JsonNode answer, string name) =>
        answer["outputs"]!.AsArray().Single(output => (string)output!["name"]! == name)!;

    public static float[] Floats(this JsonNode output) => [.. output["data"]!.AsArray().Select(value => (float)value!)];
}
