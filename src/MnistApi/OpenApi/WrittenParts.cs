using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>
/// Adds what files have, as OpenAPI itself writes it: bodies.json the requests that come in several forms, because no C# type describes
/// them, and answers.json the examples of answers, which a test renews from what the service answers, and compares.
/// </summary>
internal sealed class WrittenParts : IOperationFilter
{
    private readonly OpenApiDocument _bodies = OpenApiDocument.Load(
        new MemoryStream(EmbeddedFile.Read("swagger/bodies.json")), "json").Document!;
    private readonly JsonNode _answers = JsonNode.Parse(EmbeddedFile.Read("swagger/answers.json"))!;

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        // A path with a version takes and answers the same as the path without.
        var path = $"/{context.ApiDescription.RelativePath}".Replace("/versions/{version}", "", StringComparison.Ordinal);
        if (context.ApiDescription.HttpMethod == HttpMethods.Post && _bodies.Paths.TryGetValue(path, out var found))
        {
            var written = found.Operations![HttpMethod.Post];
            operation.RequestBody = written.RequestBody;
            operation.Parameters = [.. operation.Parameters ?? [], .. written.Parameters ?? []];
            operation.Responses!["200"] = written.Responses!["200"];
            foreach (var (name, schema) in _bodies.Components!.Schemas!)
                context.SchemaRepository.Schemas.TryAdd(name, schema);
        }
        foreach (var (status, answer) in operation.Responses!)
        {
            foreach (var (_, body) in answer.Content?.Where(body => body.Key.EndsWith("json", StringComparison.Ordinal)) ?? [])
                ((OpenApiMediaType)body).Example ??= _answers[operation.OperationId!]?[status]?.DeepClone();
        }
    }
}
