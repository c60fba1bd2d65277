using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using MnistApi.Imaging;
using MnistApi.Problems;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>
/// Takes the document's answers from the service itself: each endpoint is sent its operation's example, and requests that break its rules.
/// An endpoint whose answer costs much brings an example of its own, and is not asked.
/// </summary>
internal sealed class RealAnswers(EndpointDataSource endpoints, IServiceScopeFactory scopes) : IDocumentAsyncFilter
{
    private const string Wrong = "nothing";
    private const int BlankSide = 64;

    private static readonly Lazy<string> s_blank = new(() =>
        Convert.ToBase64String(PngEncoding.Encode(Enumerable.Repeat((byte)255, BlankSide * BlankSide).ToArray(), BlankSide, BlankSide)));

    /// <summary>Base64 as it is, so that it is found.</summary>
    private static readonly JsonSerializerOptions s_unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Nothing is asked twice, however often the document is.</summary>
    private readonly ConcurrentDictionary<(string Operation, Question), Task<(int Status, string? Text)>> _answers = [];

    public async Task ApplyAsync(OpenApiDocument document, DocumentFilterContext context, CancellationToken cancellationToken)
    {
        foreach (var api in context.ApiDescriptions)
        {
            var operation = document.Paths[$"/{api.RelativePath}"].Operations![new HttpMethod(api.HttpMethod!)];
            var endpoint = Find(api);
            foreach (var question in Questions(operation, api))
            {
                var (status, text) = await _answers.GetOrAdd((operation.OperationId!, question), _ => AskAsync(endpoint, question));
                if (text is not null && Body(operation, status) is { Example: null } body)
                    body.Example = text[0] is '{' ? JsonNode.Parse(text) : text;
            }
        }
    }

    private RouteEndpoint Find(ApiDescription api) => endpoints.Endpoints.OfType<RouteEndpoint>().First(endpoint =>
        endpoint.RoutePattern.RawText!.TrimStart('/') == api.RelativePath
        && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains(api.HttpMethod!));

    /// <summary>What the document says of the body that comes with a status, where it is JSON or SVG.</summary>
    private static OpenApiMediaType? Body(OpenApiOperation operation, int status)
    {
        var answer = operation.Responses!.GetValueOrDefault(status.ToString(CultureInfo.InvariantCulture));
        return answer?.Content?.FirstOrDefault(body => IsText(body.Key)).Value as OpenApiMediaType;
    }

    private static IEnumerable<Question> Questions(OpenApiOperation operation, ApiDescription api)
    {
        var parameters = operation.Parameters?.Where(parameter => parameter.In != ParameterLocation.Header).ToArray() ?? [];
        var examples = operation.RequestBody?.Content?[MediaTypeNames.Application.Json].Examples?.Values
            .Select(example => example.Value!.ToJsonString(s_unescaped)).ToArray() ?? [];
        var right = new Question(api.HttpMethod!, Address(null), examples.FirstOrDefault());
        if (Body(operation, StatusCodes.Status200OK) is { Example: null })
            yield return right;
        foreach (var parameter in parameters)
            yield return right with { Address = Address(parameter.Name) };
        if (examples.Length == 0)
            yield break;
        yield return right with { Body = "{" };
        yield return right with { ContentType = "text/csv" };
        yield return right with { ContentCoding = Wrong };
        yield return right with { Length = int.MaxValue };
        var picture = ExampleDigit.Base64();
        if (Array.Find(examples, example => example.Contains(picture, StringComparison.Ordinal)) is { } withPicture)
            yield return right with { Body = withPicture.Replace(picture, s_blank.Value, StringComparison.Ordinal) };

        // the parameters with their examples, and one of them wrong
        string Address(string? wrong) => string.Join('&', parameters
            .Where(parameter => parameter.Name == wrong || parameter.Example is not null)
            .Select(parameter => $"{parameter.Name}={(parameter.Name == wrong ? Wrong : parameter.Example!.ToString())}"));
    }

    private async Task<(int Status, string? Text)> AskAsync(RouteEndpoint endpoint, Question question)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var request = context.Request;
        request.Method = question.Method;
        request.QueryString = new QueryString($"?{question.Address}");
        foreach (var parameter in endpoint.RoutePattern.Parameters)
            request.RouteValues[parameter.Name] = (string?)request.Query[parameter.Name];
        if (question.Body is not null)
        {
            request.ContentType = question.ContentType;
            request.Body = new MemoryStream(Encoding.UTF8.GetBytes(question.Body));
            request.Headers.ContentEncoding = question.ContentCoding;
            request.ContentLength = question.Length ?? request.Body.Length;
        }
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        try
        {
            await endpoint.RequestDelegate!(context);
            await context.Response.CompleteAsync();
        }
        catch (Exception error)
        {
            var (status, detail) = ProblemSetup.Map(error, isAborted: false);
            return (status, Problem.Of(status, detail).ToJson());
        }
        var isText = context.Response.ContentType is { } type && IsText(type);
        return (context.Response.StatusCode, isText ? Encoding.UTF8.GetString(answer.ToArray()) : null);
    }

    private static bool IsText(string contentType) =>
        contentType.Contains("json", StringComparison.Ordinal) || contentType.StartsWith(SvgDrawing.ContentType, StringComparison.Ordinal);

    /// <summary>A request.</summary>
    /// <param name="Method">GET or POST.</param>
    /// <param name="Address">The parameters in path and query, all as in a query.</param>
    /// <param name="Body">None for GET.</param>
    /// <param name="ContentType">What the body is said to be.</param>
    /// <param name="ContentCoding">How it is said to be compressed.</param>
    /// <param name="Length">How long it is said to be, where that is not the truth.</param>
    private sealed record Question(
        string Method,
        string Address,
        string? Body,
        string ContentType = MediaTypeNames.Application.Json,
        string? ContentCoding = null,
        int? Length = null);
}
