using Microsoft.OpenApi;
using MnistApi.Problems;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>Documents the problems that each operation can answer with.</summary>
internal sealed class ProblemResponses : IOperationFilter
{
    private static readonly Dictionary<string, string> s_meanings = new()
    {
        ["400"] = "The request is malformed; the detail says what was expected, what came and where.",
        ["404"] = "It names something that is not there; the detail says what is.",
        ["413"] = "The body, the number of images or a picture is larger than the limits allow.",
        ["415"] = "The content type is none that is read here.",
        ["422"] = "A picture holds nothing to read, or several digits; the detail says where.",
        ["429"] = "A client has had its share, or another evaluation is running; Retry-After says when to try again.",
        ["500"] = "The service failed; its log says how.",
        ["503"] = "There is more work than the service takes on at once, or what the answer needs is not there; the detail says what to do.",
    };

    private static readonly Dictionary<string, string[]> s_byOperation = new()
    {
        ["predict"] = ["400", "413", "415", "422", "429", "500", "503"],
        ["eval"] = ["400", "429", "500", "503"],
        ["activation"] = ["400", "404", "500"],
        ["activationPlot"] = ["400", "404", "500"],
        ["diagram"] = ["400", "500"],
        ["weights"] = ["404", "413", "500"],
        ["unitPicture"] = ["404", "500"],
        ["datasetImage"] = ["400", "404", "429", "500", "503"],
        ["ready"] = ["500", "503"],
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var status in s_byOperation.GetValueOrDefault(operation.OperationId ?? "", ["500"]))
        {
            operation.Responses![status] = new OpenApiResponse
            {
                Description = s_meanings[status],
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [Problem.ContentType] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository) },
                },
            };
        }
    }
}
