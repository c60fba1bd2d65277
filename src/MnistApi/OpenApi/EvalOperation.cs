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
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{EvalEndpoint.MaxBatch}", Default = EvalEndpoint.DefaultBatch },
            },
            new OpenApiParameter
            {
                Name = "split",
                In = ParameterLocation.Query,
                Description = "The 10,000 test images or the 60,000 training images.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["test", "train"], Default = "test" },
            },
        ];
    }
}
