using Microsoft.OpenApi;

namespace MnistApi.OpenApi;

/// <summary>Schemas in few words.</summary>
internal static class SchemaParts
{
    public static OpenApiSchema Text(string description) => new() { Description = description, Type = JsonSchemaType.String };

    public static OpenApiSchema Whole(string description) => new() { Description = description, Type = JsonSchemaType.Integer, Format = "int64" };

    public static OpenApiSchema Flag(string description) => new() { Description = description, Type = JsonSchemaType.Boolean };

    public static OpenApiSchema Binary(string description) => new() { Description = description, Type = JsonSchemaType.String, Format = "binary" };

    public static OpenApiSchema Any(string description) => new() { Description = description };

    public static OpenApiSchema OneOf(params object[] values) => new() { Enum = [.. values.Select(value => value is int number ? (System.Text.Json.Nodes.JsonNode)number : value.ToString()!)], Type = values[0] is int ? JsonSchemaType.Integer : JsonSchemaType.String };

    public static OpenApiSchema Array(IOpenApiSchema items, string description, int? least = null, int? most = null) =>
        new() { Description = description, Type = JsonSchemaType.Array, Items = items, MinItems = least, MaxItems = most };

    /// <param name="description">What it is.</param>
    /// <param name="members">Its members; a name that ends in '?' may be missing.</param>
    public static OpenApiSchema Object(string description, params (string Name, IOpenApiSchema Schema)[] members) => new()
    {
        Description = description,
        Type = JsonSchemaType.Object,
        Required = new HashSet<string>(members.Where(member => !member.Name.EndsWith('?')).Select(member => member.Name)),
        Properties = members.ToDictionary(member => member.Name.TrimEnd('?'), member => member.Schema),
    };

    /// <summary>A reference to a schema that the document lists under a name of its own.</summary>
    public static IOpenApiSchema Component(this Swashbuckle.AspNetCore.SwaggerGen.SchemaRepository schemas, string name, Func<OpenApiSchema> make)
    {
        if (!schemas.Schemas.ContainsKey(name))
            schemas.AddDefinition(name, make());
        return new OpenApiSchemaReference(name);
    }
}
