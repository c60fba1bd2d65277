using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using MnistApi.Inference;
using MnistApi.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using static MnistApi.OpenApi.SchemaParts;

namespace MnistApi.OpenInference;

/// <summary>What the document says of POST /v2/models/{model}/infer: two kinds of body, with examples that work as they stand.</summary>
internal static class InferDocument
{
    private const string ElementBytes = "How many bytes it has after the JSON; then there is no data.";

    public static IEndpointConventionBuilder DescribesInfer(this IEndpointConventionBuilder endpoint) => endpoint
        .TakesHeader(InferBodyReader.JsonLengthHeader, Whole(min: 0),
            "How many bytes of the body are JSON; tensors' bytes follow. Without it all are. 0 means that the body is nothing but the "
            + "bytes of UINT8 pixels, or one PNG file.")
        .Describes(Bodies);

    private static void Bodies(OpenApiOperation operation, OperationFilterContext context)
    {
        var schemas = context.SchemaRepository;
        operation.SetBodies(
            (MediaTypeNames.Application.Json, Body(schemas.Component("InferRequest", () => Request(schemas)), Examples())),
            (MediaTypeNames.Application.Octet, Body(Binary("JSON and the input's bytes after it; or its bytes alone."))));
        operation.SetAnswer("The outputs that were asked for, or all.",
            (MediaTypeNames.Application.Json, Body(schemas.Component("InferResponse", () => Response(schemas)))),
            (MediaTypeNames.Application.Octet,
                Body(Binary("The same JSON and outputs' bytes after it, where any was asked for in binary."))));
    }

    private static OpenApiSchema Request(SchemaRepository schemas) => Object(
        "What to infer.",
        ("id?", Text("Comes back in the answer.")),
        ("parameters?", schemas.Component("InferRequestParameters", () => Object(
            "Of the whole request; those of other servers are passed over.",
            ($"{InferRequest.ScaleKey}?", OneOf(1, MnistImage.FullInk)),
            ($"{InferRequest.PreprocessKey}?", Text("What is done to pictures, auto or none.")),
            ($"{InferRequest.BinaryOutputKey}?", Flag("Whether outputs come in binary where they do not say it themselves."))))),
        ("inputs", Array(schemas.Component("InferInput", () => Input(schemas)), "One input.", 1, 1)),
        ("outputs?", Array(schemas.Component("InferRequestedOutput", () => Requested(schemas)), "All where there are none.")));

    private static OpenApiSchema Input(SchemaRepository schemas) => Object(
        $"'{Tensors.Pixels}': numbers, [-1,784], [-1,28,28] or [-1,1,28,28]. Or '{Tensors.Image}': BYTES, [-1], PNG files.",
        ("name", Text($"{Tensors.Pixels} or {Tensors.Image}.")),
        ("shape", Shape()),
        ("datatype", OneOf(Datatypes.Names)),
        ("parameters?", schemas.Component("InferInputParameters", () => Object(
            "Of the input.", ($"{InputTensor.BinarySizeKey}?", Whole(ElementBytes))))),
        ("data?", Array(Any("A number, a PNG in base64, or an array of them."), "Row by row; brackets inside make no difference.")));

    private static OpenApiSchema Requested(SchemaRepository schemas) => Object(
        "An output to answer.",
        ("name", Text($"{string.Join(", ", Tensors.Outputs.Select(tensor => tensor.Name))}.")),
        ("parameters?", schemas.Component("InferRequestedOutputParameters", () => Object(
            "Of the output.",
            ($"{RequestedOutput.BinaryKey}?", Flag("Whether it comes as bytes after the JSON.")),
            ($"{RequestedOutput.ClassificationKey}?", Whole("How many of the best classes to answer, as value:index:label."))))));

    private static OpenApiSchema Response(SchemaRepository schemas) => Object(
        "What was inferred.",
        ("model_name", Text("The served model.")),
        ("model_version", Text("Its version.")),
        ("id?", Text("The request's.")),
        ("parameters?", schemas.Component("InferResponseParameters", () => Object(
            "Of the answer.", (InferRequest.ScaleKey, OneOf(1, MnistImage.FullInk))))),
        ("outputs", Array(schemas.Component("InferOutput", () => Object(
            "An output.",
            ("name", Text("Its name.")),
            ("shape", Shape()),
            ("datatype", Text("The type of its elements.")),
            ("parameters?", schemas.Component("InferOutputParameters", () => Object(
                "Of the output.", (InputTensor.BinarySizeKey, Whole(ElementBytes))))),
            ("data?", Array(Any("A number, or value:index:label."), "Its elements, flat, row by row.")))), "In the order asked for.")));

    private static OpenApiSchema Shape() => Array(Whole("A dimension."), "Its dimensions, the number of images first.");

    private static (string Name, string Summary, JsonNode Value)[] Examples() =>
    [
        ("pixels", "784 numbers in 0..255",
            Example(Tensors.Pixels, Datatype.UInt8, [1, MnistImage.Pixels], ExampleDigit.Numbers(), Tensors.Digit, Tensors.Probabilities)),
        ("image", "A PNG in base64", Example(Tensors.Image, Datatype.Bytes, [1], [ExampleDigit.Base64()], Tensors.Digit)),
    ];

    private static JsonObject Example(string input, Datatype datatype, long[] shape, JsonArray data, params string[] outputs) => new()
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
    };
}
