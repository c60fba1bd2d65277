using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>Schemas in few words.</summary>
internal static class SchemaParts
{
    public static OpenApiSchema Text(string? description = null) => new() { Description = description, Type = JsonSchemaType.String };

    public static OpenApiSchema Whole(string? description = null, int? min = null, int? max = null, int? byDefault = null) => new()
    {
        Description = description,
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = min?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Maximum = max?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Default = byDefault,
    };

    public static OpenApiSchema Flag(string description) => new() { Description = description, Type = JsonSchemaType.Boolean };

    public static OpenApiSchema Binary(string? description = null) =>
        new() { Description = description, Type = JsonSchemaType.String, Format = "binary", Examples = ["(bytes)"] };

    public static OpenApiSchema Any(string description) => new() { Description = description };

    public static OpenApiSchema OneOf(params int[] numbers) =>
        new() { Type = JsonSchemaType.Integer, Enum = [.. numbers.Select(number => (JsonNode)number)] };

    public static OpenApiSchema OneOf(IEnumerable<string> words, string? byDefault = null) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)], Default = byDefault };

    public static OpenApiSchema Array(IOpenApiSchema items, string? description = null, int? min = null, int? max = null) =>
        new() { Description = description, Type = JsonSchemaType.Array, Items = items, MinItems = min, MaxItems = max };

    /// <param name="description">What it is.</param>
    /// <param name="members">Its members; a name that ends in '?' may be missing.</param>
    public static OpenApiSchema Object(string? description, params (string Name, IOpenApiSchema Schema)[] members) => new()
    {
        Description = description,
        Type = JsonSchemaType.Object,
        Required = new HashSet<string>(members.Where(member => !member.Name.EndsWith('?')).Select(member => member.Name)),
        Properties = members.ToDictionary(member => member.Name.TrimEnd('?'), member => member.Schema),
    };

    /// <summary>A reference to a schema that the document lists under a name of its own.</summary>
    public static IOpenApiSchema Component(this SchemaRepository schemas, string name, Func<OpenApiSchema> make)
    {
        if (!schemas.Schemas.ContainsKey(name))
            schemas.AddDefinition(name, make());
        return new OpenApiSchemaReference(name);
    }

    /// <summary>A body with examples, each a summary and its value.</summary>
    public static OpenApiMediaType Body(IOpenApiSchema schema, params (string Name, string Summary, JsonNode Value)[] examples) => new()
    {
        Schema = schema,
        Examples = examples.ToDictionary(
            example => example.Name, IOpenApiExample (example) => new OpenApiExample { Summary = example.Summary, Value = example.Value }),
    };

    /// <summary>A body whose example is a file at the service.</summary>
    public static OpenApiMediaType FileBody(IOpenApiSchema schema, string path) => new()
    {
        Schema = schema,
        Examples = new Dictionary<string, IOpenApiExample> { ["seven"] = new OpenApiExample { Summary = "A seven", ExternalValue = path } },
    };
}
