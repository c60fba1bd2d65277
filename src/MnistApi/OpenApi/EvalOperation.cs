using Microsoft.OpenApi;
using MnistApi.Eval;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>Describes GET /eval's query.</summary>
internal sealed class EvalOperation : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.OperationId != "eval")
            return;
        operation.Parameters =
        [
            new OpenApiParameter
            {
                Name = "batch",
                In = ParameterLocation.Query,
                Description = "Images a forward pass. The accuracy does not depend on it, the time does.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{EvalQuery.MaxBatch}", Default = EvalQuery.DefaultBatch },
            },
            new OpenApiParameter
            {
                Name = "split",
                In = ParameterLocation.Query,
                Description = "The 10,000 test images or the 60,000 training images.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["test", "train"], Default = "test" },
            },
            new OpenApiParameter
            {
                Name = EvalQuery.IncludeKey,
                In = ParameterLocation.Query,
                Description = $"misses: a member 'misses' with what was answered wrong, at most {Misses.Most}. predictions: members 'labels' and 'predictions' with every image's true and answered digit. Both with a comma between.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["misses", "predictions", "misses,predictions"] },
            },
        ];
    }
}
