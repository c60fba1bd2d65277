using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>What an endpoint says of itself to the document, where its signature does not say it.</summary>
internal delegate void EndpointDetail(OpenApiOperation operation, OperationFilterContext context);

internal static class EndpointDetails
{
    extension<TBuilder>(TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        /// <summary>The operation's name, its group, and what it does, in a line and at length.</summary>
        public TBuilder Documented(string name, string tag, string summary, string description) =>
            endpoint.WithName(name).WithTags(tag).WithSummary(summary).WithDescription(description);

        public TBuilder Describes(EndpointDetail addTo) => endpoint.WithMetadata(addTo);

        public TBuilder TakesQuery(string name, OpenApiSchema schema, string description, JsonNode? example = null) =>
            endpoint.Describes((operation, _) => operation.Takes(ParameterLocation.Query, name, schema, description, example));

        public TBuilder TakesPath(string name, OpenApiSchema schema, JsonNode example) =>
            endpoint.Describes((operation, _) => operation.Takes(ParameterLocation.Path, name, schema, null, example));

        public TBuilder AnswersFile(string contentType, Func<string>? example = null) => endpoint.Describes((operation, _) =>
            operation.Answers("200", "The file.", contentType, new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Examples = ["(bytes)"] },
                Example = example?.Invoke(),
            }));
    }

    public static void Answers(
        this OpenApiOperation operation, string status, string description, string contentType, OpenApiMediaType body) =>
        operation.Responses![status] = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, IOpenApiMediaType> { [contentType] = body },
        };

    /// <summary>Adds a parameter, in place of what the document's generator may have found out about it.</summary>
    public static void Takes(this OpenApiOperation operation,
        ParameterLocation location, string name, OpenApiSchema schema, string? description, JsonNode? example) =>
        operation.Parameters = [.. (operation.Parameters ?? []).Where(other => other.Name != name), new OpenApiParameter
        {
            Name = name,
            In = location,
            Required = location == ParameterLocation.Path,
            Description = description,
            Schema = schema,
            Example = example,
        }];
}

/// <summary>Adds each endpoint's own details to its operation, and what the serving protocols' paths name.</summary>
internal sealed class EndpointDetailsFilter(LoadedModel model) : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        AddPath("model", "The name that the model is served under.", model.Name);
        AddPath("version", "The version that it is served as.", model.Version);
        foreach (var detail in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<EndpointDetail>())
            detail(operation, context);

        void AddPath(string name, string description, string example)
        {
            if (context.ApiDescription.RelativePath!.Contains($"{{{name}}}", StringComparison.Ordinal))
                operation.Takes(ParameterLocation.Path, name, SchemaParts.Text(), description, example);
        }
    }
}
