using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.Tests;

/// <summary>The service in memory, as Program composes it, with some settings of its own.</summary>
public class Service : WebApplicationFactory<Program>
{
    private readonly string _environment;
    private readonly (string Key, string Value)[] _settings;

    public Service()
        : this("Production")
    {
    }

    internal Service(string environment, params (string Key, string Value)[] settings)
    {
        _environment = environment;
        _settings = settings;
    }

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_environment);
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);
    }
}

/// <summary>Requests as clients send them.</summary>
internal static class Requests
{
    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string contentType, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return client.PostAsync("/predict", content, TestContext.Current.CancellationToken);
    }

    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string json) =>
        client.PostAsync("application/json", Encoding.UTF8.GetBytes(json));

    public static Task<HttpResponseMessage> PostFilesAsync(
        this HttpClient client, params (string Field, string? Name, byte[] Bytes)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, name, bytes) in files)
        {
            if (name is null)
                form.Add(new ByteArrayContent(bytes), field);
            else
                form.Add(new ByteArrayContent(bytes), field, name);
        }
        return client.PostAsync("/predict", form, TestContext.Current.CancellationToken);
    }

    public static async Task<PredictResponse> PredictionsAsync(this Task<HttpResponseMessage> sent)
    {
        var response = await sent;
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        return (await response.Content.ReadFromJsonAsync<PredictResponse>(Service.Json, TestContext.Current.CancellationToken))!;
    }

    /// <summary>Asserts the whole shape of an error, whatever caused it.</summary>
    public static async Task<string> ProblemAsync(this Task<HttpResponseMessage> sent, HttpStatusCode status)
    {
        var response = await sent;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"expected {status}, got {response.StatusCode}: {text}");
        Assert.Equal(Problem.ContentType, response.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(text);
        var problem = document.RootElement;
        Assert.Equal(["type", "title", "status", "detail", "error"], problem.EnumerateObject().Select(member => member.Name));
        Assert.StartsWith("https://www.rfc-editor.org/rfc/rfc", problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.Equal(problem.GetProperty("detail").GetString(), problem.GetProperty("error").GetString());
        return problem.GetProperty("detail").GetString()!;
    }
}
