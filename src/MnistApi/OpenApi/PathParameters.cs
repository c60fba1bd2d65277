using Microsoft.OpenApi;
using MnistApi.Model;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>Describes the model and the version in the serving protocols' paths, whose handlers take the whole request.</summary>
internal sealed class PathParameters(LoadedModel model) : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        Describe(operation, context, "model", "The name that the model is served under.", model.Name);
        Describe(operation, context, "version", "The version that it is served as.", model.Version);
    }

    private static void Describe(OpenApiOperation operation, OperationFilterContext context, string name, string description, string example)
    {
        if (context.ApiDescription.RelativePath?.Contains($"{{{name}}}", StringComparison.Ordinal) != true)
            return;
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = example,
        });
    }
}
