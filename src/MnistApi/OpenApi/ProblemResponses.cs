using System.Globalization;
using Microsoft.OpenApi;
using MnistApi.Problems;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>
/// Documents the problems that each operation can answer with: those that its endpoint names with AnswersProblems, and those of every one.
/// </summary>
internal sealed class ProblemResponses : IOperationFilter
{
    private static readonly Dictionary<string, string> s_meanings = new()
    {
        ["400"] = "The request is malformed; the detail says what was expected, what came and where.",
        ["404"] = "It names something that is not there; the detail says what is.",
        ["413"] = "The body, the number of images or a picture is larger than the limits allow.",
        ["415"] = "The content type, or the content encoding, is none that is read here.",
        ["422"] = "A picture holds nothing to read, or several digits; the detail says where.",
        ["429"] = "A client has had its share, or another evaluation is running; Retry-After says when to try again.",
        ["500"] = "The service failed; its log says how.",
        ["503"] =
            "There is more work than the service takes on at once, or what the answer needs is not there; the detail says what to do.",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var statuses = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<ProblemStatuses>()
            .SelectMany(named => named.Statuses)
            .Select(status => status.ToString(CultureInfo.InvariantCulture)).ToList();
        if (!statuses.Exists(status => status[0] == '4'))
            statuses.Add("400"); // any request can be malformed; "4XX" would say it better, but NSwag makes a number of it
        foreach (var status in statuses.Append("500").Order(StringComparer.Ordinal))
        {
            operation.Responses![status] = new OpenApiResponse
            {
                Description = s_meanings.GetValueOrDefault(status)
                    ?? Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(int.Parse(status, CultureInfo.InvariantCulture)),
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [Problem.ContentType] =
                        new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository) },
                },
            };
        }
    }
}
