using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using MnistApi.Model;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>What an endpoint says of itself to the document, where its signature does not say it.</summary>
internal sealed record EndpointDetail(Action<OpenApiOperation, OperationFilterContext> AddTo);

internal static class EndpointDetails
{
    public static TBuilder Describes<TBuilder>(this TBuilder endpoint, Action<OpenApiOperation, OperationFilterContext> addTo)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new EndpointDetail(addTo));

    public static TBuilder TakesQuery<TBuilder>(
        this TBuilder endpoint, string name, OpenApiSchema schema, string description, JsonNode? example = null)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.Describes((operation, _) => Set(operation, ParameterLocation.Query, name, schema, description, example));

    public static TBuilder TakesHeader<TBuilder>(this TBuilder endpoint, string name, OpenApiSchema schema, string description)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.Describes((operation, _) => Set(operation, ParameterLocation.Header, name, schema, description, example: null));

    public static TBuilder TakesPath<TBuilder>(
        this TBuilder endpoint, string name, OpenApiSchema schema, JsonNode example, string? description = null)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.Describes((operation, _) => Set(operation, ParameterLocation.Path, name, schema, description, example));

    /// <summary>The model in the serving protocols' paths, whose handlers take the whole request.</summary>
    public static TBuilder TakesModel<TBuilder>(this TBuilder endpoint, LoadedModel model)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.TakesPath("model", SchemaParts.Text(), model.Name, "The name that the model is served under.");

    public static TBuilder TakesVersion<TBuilder>(this TBuilder endpoint, LoadedModel model)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.TakesPath("version", SchemaParts.Text(), model.Version, "The version that it is served as.");

    /// <summary>Says that the answer is a file.</summary>
    public static TBuilder AnswersFile<TBuilder>(this TBuilder endpoint, string contentType)
        where TBuilder : IEndpointConventionBuilder => endpoint.Describes((operation, _) =>
            operation.SetAnswer("The file.", (contentType, SchemaParts.Body(SchemaParts.Binary()))));

    /// <summary>Says what bodies a request may have.</summary>
    public static void SetBodies(this OpenApiOperation operation, params (string ContentType, OpenApiMediaType Body)[] bodies) =>
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Contents(bodies) };

    /// <summary>Says what bodies an answer may have.</summary>
    public static void SetAnswer(
        this OpenApiOperation operation, string description, params (string ContentType, OpenApiMediaType Body)[] bodies) =>
        operation.Responses!["200"] = new OpenApiResponse { Description = description, Content = Contents(bodies) };

    /// <summary>Gives the answer that the generator found an example.</summary>
    public static void SetAnswerExample(this OpenApiOperation operation, JsonNode example) =>
        ((OpenApiMediaType)operation.Responses!["200"].Content!.Values.Single()).Example = example;

    private static Dictionary<string, IOpenApiMediaType> Contents((string ContentType, OpenApiMediaType Body)[] bodies) =>
        bodies.ToDictionary(body => body.ContentType, IOpenApiMediaType (body) => body.Body);

    /// <summary>Adds a parameter, in place of what the document's generator may have found out about it.</summary>
    private static void Set(
        OpenApiOperation operation, ParameterLocation location, string name, OpenApiSchema schema, string? description, JsonNode? example)
    {
        var parameter = new OpenApiParameter
        {
            Name = name,
            In = location,
            Required = location == ParameterLocation.Path,
            Description = description,
            Schema = schema,
            Example = example,
        };
        operation.Parameters ??= [];
        var found = operation.Parameters.Index().FirstOrDefault(other => other.Item.Name == name, (Index: -1, null!)).Index;
        if (found < 0)
            operation.Parameters.Add(parameter);
        else
            operation.Parameters[found] = parameter;
    }
}

/// <summary>Adds each endpoint's own details to its operation.</summary>
internal sealed class EndpointDetailsFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var detail in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<EndpointDetail>())
            detail.AddTo(operation, context);
    }
}
