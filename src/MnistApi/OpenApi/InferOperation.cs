using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using MnistApi.Inference;
using MnistApi.OpenInference;
using Swashbuckle.AspNetCore.SwaggerGen;
using static MnistApi.OpenApi.SchemaParts;

namespace MnistApi.OpenApi;

/// <summary>Describes POST /v2/models/{model}/infer: two kinds of body, with examples that work as they stand.</summary>
internal sealed class InferOperation : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.OperationId is not ("infer" or "inferVersion"))
            return;
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = InferBodyReader.JsonLengthHeader,
            In = ParameterLocation.Header,
            Description = "How many bytes of the body are JSON; tensors' bytes follow. Without it all are. 0 means that the body is nothing but the bytes of UINT8 pixels, or one PNG file.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" },
        });
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [MediaTypeNames.Application.Json] = new OpenApiMediaType { Schema = context.SchemaRepository.Component("InferRequest", () => RequestSchema(context.SchemaRepository)), Examples = Examples() },
                [MediaTypeNames.Application.Octet] = new OpenApiMediaType { Schema = Binary("JSON and the input's bytes after it; or its bytes alone.") },
            },
        };
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = "The outputs that were asked for, or all.",
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [MediaTypeNames.Application.Json] = new OpenApiMediaType { Schema = context.SchemaRepository.Component("InferResponse", () => ResponseSchema(context.SchemaRepository)) },
                [MediaTypeNames.Application.Octet] = new OpenApiMediaType { Schema = Binary("The same JSON and outputs' bytes after it, where any was asked for in binary.") },
            },
        };
    }

    private static OpenApiSchema RequestSchema(SchemaRepository schemas) => Object(
        "What to infer.",
        ("id?", Text("Comes back in the answer.")),
        ("parameters?", schemas.Component("InferRequestParameters", () => Object(
            "Of the whole request; those of other servers are passed over.",
            ($"{InferRequest.ScaleKey}?", OneOf(1, MnistImage.FullInk)),
            ($"{InferRequest.PreprocessKey}?", Text("What is done to pictures, auto or none.")),
            ($"{InferRequest.BinaryOutputKey}?", Flag("Whether outputs come in binary where they do not say it themselves."))))),
        ("inputs", Array(
            schemas.Component("InferInput", () => Object(
                $"'{Tensors.Pixels}': numbers, [-1,784], [-1,28,28] or [-1,1,28,28]. Or '{Tensors.Image}': BYTES, [-1], PNG files.",
                ("name", Text($"{Tensors.Pixels} or {Tensors.Image}.")),
                ("shape", Array(Whole("A dimension."), "Its dimensions, the number of images first.")),
                ("datatype", OneOf([.. Datatypes.Names])),
                ("parameters?", schemas.Component("InferInputParameters", () => Object(
                    "Of the input.", ($"{InputTensor.BinarySizeKey}?", Whole("How many bytes it has after the JSON; then there is no data."))))),
                ("data?", Array(Any("A number, a PNG in base64, or an array of them."), "Row by row; brackets inside make no difference.")))),
            "One input.", 1, 1)),
        ("outputs?", Array(
            schemas.Component("InferRequestedOutput", () => Object(
                "An output to answer.",
                ("name", Text($"{string.Join(", ", Tensors.Outputs.Select(tensor => tensor.Name))}.")),
                ("parameters?", schemas.Component("InferRequestedOutputParameters", () => Object(
                    "Of the output.",
                    ($"{RequestedOutput.BinaryKey}?", Flag("Whether it comes as bytes after the JSON.")),
                    ($"{RequestedOutput.ClassificationKey}?", Whole("How many of the best classes to answer, as value:index:label."))))))),
            "All where there are none.")));

    private static OpenApiSchema ResponseSchema(SchemaRepository schemas) => Object(
        "What was inferred.",
        ("model_name", Text("The served model.")),
        ("model_version", Text("Its version.")),
        ("id?", Text("The request's.")),
        ("parameters?", schemas.Component("InferResponseParameters", () => Object("Of the answer.", (InferRequest.ScaleKey, OneOf(1, MnistImage.FullInk))))),
        ("outputs", Array(
            schemas.Component("InferOutput", () => Object(
                "An output.",
                ("name", Text("Its name.")),
                ("shape", Array(Whole("A dimension."), "Its dimensions, the number of images first.")),
                ("datatype", Text("The type of its elements.")),
                ("parameters?", schemas.Component("InferOutputParameters", () => Object(
                    "Of the output.", (InputTensor.BinarySizeKey, Whole("How many bytes it has after the JSON; then there is no data."))))),
                ("data?", Array(Any("A number, or value:index:label."), "Its elements, flat, row by row.")))),
            "In the order asked for.")));

    private static Dictionary<string, IOpenApiExample> Examples()
    {
        var pixels = new JsonArray([.. ExampleDigit.Pixels().Select(pixel => (JsonNode)(int)pixel)]);
        return new Dictionary<string, IOpenApiExample>
        {
            ["pixels"] = Example("784 numbers in 0..255", Tensors.Pixels, Datatype.UInt8, [1, MnistImage.Pixels], pixels, Tensors.Digit, Tensors.Probabilities),
            ["image"] = Example("A PNG in base64", Tensors.Image, Datatype.Bytes, [1], [Convert.ToBase64String(ExampleDigit.Png())], Tensors.Digit),
        };
    }

    private static OpenApiExample Example(string summary, string input, Datatype datatype, long[] shape, JsonArray data, params string[] outputs) => new()
    {
        Summary = summary,
        Value = new JsonObject
        {
            ["id"] = "seven",
            ["inputs"] = new JsonArray(new JsonObject
            {
                ["name"] = input,
                ["shape"] = new JsonArray([.. shape.Select(size => (JsonNode)size)]),
                ["datatype"] = datatype.Name(),
                ["data"] = data,
            }),
            ["outputs"] = new JsonArray([.. outputs.Select(name => new JsonObject { ["name"] = name })]),
        },
    };
}
