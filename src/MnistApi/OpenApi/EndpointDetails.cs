using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using MnistApi.Model;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>What an endpoint says of itself to the document, where its signature does not say it.</summary>
internal sealed record EndpointDetail(Action<OpenApiOperation, OperationFilterContext> AddTo);

internal static class EndpointDetails
{
    extension<TBuilder>(TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        public TBuilder Describes(Action<OpenApiOperation, OperationFilterContext> addTo) =>
            endpoint.WithMetadata(new EndpointDetail(addTo));

        public TBuilder TakesQuery(string name, OpenApiSchema schema, string description, JsonNode? example = null) =>
            endpoint.Describes((operation, _) => operation.Takes(ParameterLocation.Query, name, schema, description, example));

        public TBuilder TakesPath(string name, OpenApiSchema schema, JsonNode example, string? description = null) =>
            endpoint.Describes((operation, _) => operation.Takes(ParameterLocation.Path, name, schema, description, example));

        /// <summary>Says that the answer is a file.</summary>
        public TBuilder AnswersFile(string contentType, Func<string>? example = null) => endpoint.Describes((operation, _) =>
            operation.SetAnswer("The file.",
                (contentType, new OpenApiMediaType { Schema = SchemaParts.Binary(), Example = example?.Invoke() })));
    }

    /// <summary>Says what bodies an answer may have.</summary>
    public static void SetAnswer(
        this OpenApiOperation operation, string description, params (string ContentType, OpenApiMediaType Body)[] bodies) =>
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = description,
            Content = bodies.ToDictionary(body => body.ContentType, IOpenApiMediaType (body) => body.Body),
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
        if (context.ApiDescription.RelativePath!.Contains("{model}", StringComparison.Ordinal))
            AddPath("model", "The name that the model is served under.", model.Name);
        if (context.ApiDescription.RelativePath!.Contains("{version}", StringComparison.Ordinal))
            AddPath("version", "The version that it is served as.", model.Version);
        foreach (var detail in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<EndpointDetail>())
            detail.AddTo(operation, context);

        void AddPath(string name, string description, string example) =>
            operation.Takes(ParameterLocation.Path, name, SchemaParts.Text(), description, example);
    }
}
