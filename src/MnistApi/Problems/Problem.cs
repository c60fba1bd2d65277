using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace MnistApi.Problems;

/// <summary>
/// The body of every error: RFC 9457 problem details, with the detail again under the name that serving clients look for.
/// </summary>
/// <param name="Type">The status code's definition in RFC 9110.</param>
/// <param name="Title">The status code's name.</param>
/// <param name="Status">The status code.</param>
/// <param name="Detail">What was expected, what came and where.</param>
public sealed record Problem(string Type, string Title, int Status, string Detail) : IResult
{
    public const string ContentType = "application/problem+json";

    /// <summary>Quotation marks and the like as they are: nobody puts a problem into a page unescaped.</summary>
    private static readonly JsonSerializerOptions s_readable =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The detail again: what Triton's and KServe's clients show.</summary>
    public string Error => Detail;

    /// <summary>Only where readiness was asked for and there is none: false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Ready { get; init; }

    public static Problem Of(int status, string detail) =>
        new($"https://www.rfc-editor.org/rfc/rfc{Section(status)}", ReasonPhrases.GetReasonPhrase(status), status, detail);

    public string ToJson() => JsonSerializer.Serialize(this, s_readable);

    Task IResult.ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext);

    /// <summary>Answers with this problem, and leaves it for the log together with a failure's cause.</summary>
    public async Task WriteAsync(HttpContext context, Exception? cause = null)
    {
        context.Response.StatusCode = Status;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Features.Set(new AnsweredProblem(this, cause));
        if (HttpMethods.IsHead(context.Request.Method) || context.RequestAborted.IsCancellationRequested)
            return; // nobody reads a body
        var body = Encoding.UTF8.GetBytes(ToJson());
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = body.Length;
        // A client that hangs up meanwhile is no failure, and has its line in the log.
        await context.Response.Body.WriteAsync(body, CancellationToken.None);
    }

    private static string Section(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests => "6585#section-4",
        >= 400 and < 419 => $"9110#section-15.5.{status - 399}",
        StatusCodes.Status422UnprocessableEntity => "9110#section-15.5.21",
        >= 500 and < 506 => $"9110#section-15.6.{status - 499}",
        _ => "9110#section-15",
    };
}

/// <summary>What a request was answered with, for its line in the log.</summary>
internal sealed record AnsweredProblem(Problem Problem, Exception? Cause);
