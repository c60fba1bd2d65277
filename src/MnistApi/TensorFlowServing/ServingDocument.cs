using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using MnistApi.Inference;
using MnistApi.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using static MnistApi.OpenApi.SchemaParts;

namespace MnistApi.TensorFlowServing;

/// <summary>What the document says of POST /v1/models/{model}:predict, with examples that work as they stand.</summary>
internal static class ServingDocument
{
    public static void Bodies(OpenApiOperation operation, OperationFilterContext context)
    {
        var picture = new JsonObject { ["b64"] = ExampleDigit.Base64() };
        operation.SetBodies((MediaTypeNames.Application.Json, Body(context.SchemaRepository.Component("ServingPredictRequest", Request),
            ("instances", "784 numbers in 0..255", new JsonObject { ["instances"] = new JsonArray(ExampleDigit.Numbers()) }),
            ("inputs", "A PNG in base64, by columns",
                new JsonObject { ["inputs"] = new JsonObject { ["image"] = new JsonArray(picture) } }))));
        var response = context.SchemaGenerator.GenerateSchema(typeof(ServingPredictResponse), context.SchemaRepository);
        operation.SetAnswer("The probabilities of the digits 0 to 9 for every image, in the order given.",
            (MediaTypeNames.Application.Json, Body(response)));
    }

    private static OpenApiSchema Request()
    {
        var instance = Any("784 numbers, 28 rows of 28, or {\"b64\":\"PNG\"}; or one of them under the name of its tensor, "
            + "{\"pixels\":[...]} or {\"image\":{\"b64\":\"PNG\"}}.");
        return Object(
            "Either instances or inputs.",
            ("signature_name?", Text("serving_default, if any.")),
            ("instances?", Array(instance, "The images.", 1)),
            ("inputs?", Any("The images as an array, or {\"pixels\":[...]}, or {\"image\":[...]}.")),
            ("scale?", OneOf(1, MnistImage.FullInk)));
    }
}
