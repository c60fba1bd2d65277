using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using MnistApi.Problems;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>
/// Documents the problems that each operation can answer with: those that its endpoint names with AnswersProblems, and those of every one.
/// </summary>
internal sealed class ProblemResponses : IOperationFilter
{
    private static readonly Dictionary<int, string> s_meanings = new()
    {
        [400] = "The request is malformed; the detail says what was expected, what came and where.",
        [404] = "It names something that is not there; the detail says what is.",
        [413] = "The body, the number of images or a picture is larger than the limits allow.",
        [415] = "The content type, or the content encoding, is none that is read here.",
        [422] = "A picture holds nothing to read, or several digits; the detail says where.",
        [429] = "A client has had its share, or another evaluation is running; Retry-After says when to try again.",
        [500] = "The service failed; its log says how.",
        [503] =
            "There is more work than the service takes on at once, or what the answer needs is not there; the detail says what to do.",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var (failure, said) = ProblemSetup.Map(new InvalidOperationException(), isAborted: false);
        var examples = metadata.OfType<ProblemExample>().Append(new ProblemExample(failure, said)).ToDictionary(problem => problem.Status);
        var statuses = metadata.OfType<ProblemStatuses>().SelectMany(named => named.Statuses).Append(failure).ToHashSet();
        if (!statuses.Any(status => status < failure))
            Add(StatusCodes.Status400BadRequest, null); // "4XX" would say it better, but NSwag makes a number of it
        foreach (var status in statuses.Order())
        {
            var body = new OpenApiMediaType
            {
                Schema = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository),
                Example = examples.TryGetValue(status, out var example)
                    ? JsonNode.Parse(Problem.Of(status, example.Detail).ToJson())
                    : null, // RealAnswers finds it
            };
            Add(status, new Dictionary<string, IOpenApiMediaType> { [Problem.ContentType] = body });
        }
        void Add(int status, Dictionary<string, IOpenApiMediaType>? content) =>
            operation.Responses![status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = content is null
                    ? "The request breaks HTTP's own rules; the answer has no body."
                    : s_meanings.GetValueOrDefault(status) ?? ReasonPhrases.GetReasonPhrase(status),
                Content = content,
            };
    }
}
