using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace MnistApi.Tests.Page;

/// <summary>How the page and its files are served; MnistApi.Browser.Tests uses it.</summary>
public sealed partial class PageTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task The_page_allows_nothing_inline_and_nothing_from_elsewhere()
    {
        var page = await GetAsync("/");
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType?.ToString());
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotMatch(InlineCode(), html);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_that_the_page_names_is_there_to_be_kept_for_ever()
    {
        var html = await _client.GetStringAsync("/", TestContext.Current.CancellationToken);
        var names = FileNames().Matches(html).Select(match => match.Groups[1].Value).ToArray();
        Assert.True(names.Length > 5, html);
        foreach (var name in names)
        {
            var file = await GetAsync($"/{name}");
            Assert.True(file.IsSuccessStatusCode, name);
            Assert.Equal("public, max-age=31536000, immutable", file.Headers.CacheControl?.ToString());
        }
    }

    [Fact]
    public async Task The_page_itself_is_asked_for_anew_and_costs_nothing_where_it_is_the_same()
    {
        var page = await GetAsync("/");
        Assert.True(page.Headers.CacheControl?.NoCache);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { IfNoneMatch = { page.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await _client.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("br;q=0", null)]
    [InlineData("identity", null)]
    public async Task Files_come_in_the_best_encoding_that_is_accepted(string accepted, string? encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Accept-Encoding", accepted } } };
        var page = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(encoding, page.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal(["Accept-Encoding"], page.Headers.Vary);
        Stream body = await page.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using var plain = encoding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body
        };
        using var reader = new StreamReader(plain, Encoding.UTF8);
        Assert.Equal(await _client.GetStringAsync("/", TestContext.Current.CancellationToken),
            await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Another_versions_file_is_served_but_not_kept()
    {
        var file = await GetAsync("/page/000000000000/main.js");
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        Assert.True(file.Headers.CacheControl?.NoCache);
    }

    [Theory]
    [InlineData("/page/0/nothing.js")]
    [InlineData("/page/0/..%2Fappsettings.json")]
    public async Task Other_names_are_404(string path) =>
        Assert.StartsWith("the page has no file '", await _client.GetAsync(path, TestContext.Current.CancellationToken)
            .ProblemAsync(HttpStatusCode.NotFound), StringComparison.Ordinal);

    [Fact]
    public async Task Head_answers_without_a_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/");
        var page = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Empty(await page.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(path, TestContext.Current.CancellationToken);

    [GeneratedRegex("""<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=""")]
    private static partial Regex InlineCode();

    [GeneratedRegex("\"(page/[^\"]+)\"")]
    private static partial Regex FileNames();
}
