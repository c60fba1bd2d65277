using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using MnistApi.Inference;
using MnistApi.TensorFlowServing;
using Swashbuckle.AspNetCore.SwaggerGen;
using static MnistApi.OpenApi.SchemaParts;

namespace MnistApi.OpenApi;

/// <summary>Describes POST /v1/models/{model}:predict, with examples that work as they stand.</summary>
internal sealed class ServingPredictOperation : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.OperationId is not ("servingPredict" or "servingPredictVersion"))
            return;
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [MediaTypeNames.Application.Json] = new OpenApiMediaType { Schema = context.SchemaRepository.Component("ServingPredictRequest", RequestSchema), Examples = Examples() },
            },
        };
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = "The probabilities of the digits 0 to 9 for every image, in the order given.",
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [MediaTypeNames.Application.Json] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(ServingPredictResponse), context.SchemaRepository) },
            },
        };
    }

    private static OpenApiSchema RequestSchema() => Object(
        "Either instances or inputs.",
        ("signature_name?", Text("serving_default, if any.")),
        ("instances?", Array(Any("784 numbers, 28 rows of 28, or {\"b64\":\"PNG\"}; or one of them under the name of its tensor, {\"pixels\":[...]} or {\"image\":{\"b64\":\"PNG\"}}."), "The images.", 1)),
        ("inputs?", Any("The images as an array, or {\"pixels\":[...]}, or {\"image\":[...]}.")),
        ("scale?", OneOf(1, MnistImage.FullInk)));

    private static Dictionary<string, IOpenApiExample> Examples()
    {
        var pixels = new JsonArray([.. ExampleDigit.Pixels().Select(pixel => (JsonNode)(int)pixel)]);
        var picture = new JsonObject { ["b64"] = Convert.ToBase64String(ExampleDigit.Png()) };
        return new Dictionary<string, IOpenApiExample>
        {
            ["instances"] = new OpenApiExample { Summary = "784 numbers in 0..255", Value = new JsonObject { ["instances"] = new JsonArray(pixels) } },
            ["inputs"] = new OpenApiExample { Summary = "A PNG in base64, by columns", Value = new JsonObject { ["inputs"] = new JsonObject { ["image"] = new JsonArray(picture) } } },
        };
    }
}
