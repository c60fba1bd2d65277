using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace MnistApi.OpenApi;

/// <summary>Schemas of parameters and files in few words.</summary>
internal static class SchemaParts
{
    public static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    public static OpenApiSchema Whole(int min, int? max = null, int? byDefault = null) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = min.ToString(CultureInfo.InvariantCulture),
        Maximum = max?.ToString(CultureInfo.InvariantCulture),
        Default = byDefault,
    };

    public static OpenApiSchema OneOf(IEnumerable<string> words, string? byDefault = null) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)], Default = byDefault };
}
