using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using MnistApi.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.Problems;

/// <summary>Documents the problems that an operation answers with: those that its endpoint names, and those of every one.</summary>
internal sealed class ProblemResponses : IOperationFilter
{
    private const int Failed = StatusCodes.Status500InternalServerError;

    private static readonly Dictionary<int, string> s_meanings = new()
    {
        [400] = "The request is malformed; the detail says what was expected, what came and where.",
        [404] = "It names something that is not there; the detail says what is.",
        [413] = "The body, the number of images or a picture is larger than the limits allow.",
        [415] = "The content type, or the content encoding, is none that is read here.",
        [422] = "A picture holds nothing to read, or several digits; the detail says where.",
        [429] = "A client has had its share, or another evaluation is running; Retry-After says when to try again.",
        [Failed] = "The service failed; its log says how.",
        [503] =
            "There is more work than the service takes on at once, or what the answer needs is not there; the detail says what to do.",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (!operation.Responses!.Keys.Any(status => status[0] == '4')) // "4XX" would say it better, but NSwag makes a number of it
        {
            operation.Responses["400"] = new OpenApiResponse
            {
                Description = "The request breaks HTTP's own rules; the answer has no body.",
            };
        }
        var (_, detail) = ProblemSetup.Map(new InvalidOperationException(), isAborted: false);
        Add(operation, context, Failed, JsonNode.Parse(Problem.Of(Failed, detail).ToJson()));
    }

    public static void Add(OpenApiOperation operation, OperationFilterContext context, int status, JsonNode? example = null)
    {
        var schema = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        operation.Answers(status.ToString(CultureInfo.InvariantCulture), s_meanings[status], Problem.ContentType,
            new OpenApiMediaType { Schema = schema, Example = example });
    }
}

internal static class ProblemMetadata
{
    /// <summary>Documents the problems that an endpoint answers with, beside those of every one.</summary>
    public static TBuilder AnswersProblems<TBuilder>(this TBuilder endpoint, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder => endpoint.Describes((operation, context) =>
    {
        foreach (var status in statuses)
            ProblemResponses.Add(operation, context, status);
    });
}
