using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using MnistApi.Imaging;
using MnistApi.Inference;
using MnistApi.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using static MnistApi.OpenApi.SchemaParts;

namespace MnistApi.Predict;

/// <summary>What the document says of POST /predict: four kinds of body, each with an example that works as it stands.</summary>
internal static class PredictDocument
{
    public static IEndpointConventionBuilder DescribesPredict(this IEndpointConventionBuilder endpoint) => endpoint
        .TakesQuery(PredictQuery.PreprocessKey, OneOf(["auto", "none"], byDefault: "auto"),
            "What is done to a PNG that is not one of MNIST's. auto: the digit is found, cleaned of its background, scaled and centred as "
            + "MNIST's makers did; 422 where there is none or several. none: the picture is averaged to 28x28 in grey, light staying "
            + "light, and nothing else; for pictures that were prepared already. Pixels are never changed.", "auto")
        .TakesQuery(PredictQuery.ExpectKey, OneOf(["digit", "number"], byDefault: "digit"),
            "What a picture has in it. digit: one digit; several are refused with 422 and their places. number: one line of at most "
            + $"{DigitReader.MaxDigits} digits with clear background between them; pictures only. Its answer has another form, which "
            + "stands here alone, so that generated clients read digits without asking which it is: {\"predictions\":[{\"number\":\"42\","
            + "\"probability\":0.99,\"digits\":[{\"digit\":4,\"probability\":0.99,\"probabilities\":[...],\"box\":{\"left\":3,\"top\":5,"
            + "\"width\":40,\"height\":80}},...]}]}, left to right, boxes in the picture's own pixels.", "digit")
        .TakesQuery(PredictQuery.IncludeKey, OneOf(["input", "activations", "input,activations"]),
            "input: each prediction gets a member 'input' with the 784 numbers that the network saw, the same as a PNG in base64, and the "
            + "steps that led to them; activations: a member 'activations' with the hidden layers' outputs z1, z2, ... and the "
            + "logits. "
            + $"Both with a comma between; for at most {PredictExtras.MaxImages} images.")
        .Describes(Bodies);

    private static void Bodies(OpenApiOperation operation, OperationFilterContext context)
    {
        var png = Binary("One PNG of any size up to the limit: dark on light or light on dark.");
        var jpeg = Binary("One JPEG, baseline or progressive, turned as its Exif says.");
        var form = Object(null, ("file?", Binary("A PNG or JPEG. Any field name will do, and any number of files up to the limit.")));
        var raw = Binary($"{MnistImage.Pixels} bytes an image, row by row, 0 background to 255 ink; any number of images.");
        operation.SetBodies(
            (MediaTypeNames.Application.Json, Body(context.SchemaRepository.Component("PredictRequest", Instances), Examples())),
            (MediaTypeNames.Image.Png, FileBody(png, ExampleDigit.PngPath)),
            (MediaTypeNames.Image.Jpeg, Body(jpeg)),
            (MediaTypeNames.Multipart.FormData, FileBody(form, ExampleDigit.PngPath)),
            (MediaTypeNames.Application.Octet, FileBody(raw, ExampleDigit.RawPath)));
        operation.SetAnswer("The probabilities of the digits 0 to 9 for every image, in the order given.",
            (MediaTypeNames.Application.Json,
                Body(context.SchemaGenerator.GenerateSchema(typeof(PredictResponse), context.SchemaRepository))));
    }

    private static OpenApiSchema Instances()
    {
        var number = new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "255" };
        var picture = Object("A PNG in base64.", ("b64", new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" }));
        var row = Array(number, min: MnistImage.Width, max: MnistImage.Width);
        var image = new OpenApiSchema
        {
            OneOf =
            [
                Array(number, "784 numbers, row by row.", MnistImage.Pixels, MnistImage.Pixels),
                Array(row, "28 rows of 28 numbers.", MnistImage.Height, MnistImage.Height),
                picture,
            ],
        };
        var scale = OneOf(1, MnistImage.FullInk);
        scale.Description =
            "What the numbers are to be divided by: 255 for 0..255, 1 for 0..1. Without it, numbers that all lie within 0..1 "
            + "are taken as they are, else as 0..255.";
        var request = Object(null, ("instances", Array(image, "The images, each in one of three forms.", 1)), ("scale?", scale));
        picture.AdditionalPropertiesAllowed = request.AdditionalPropertiesAllowed = false;
        return request;
    }

    private static (string Name, string Summary, JsonNode Value)[] Examples()
    {
        var rows = ExampleDigit.Pixels().Chunk(MnistImage.Width)
            .Select(row => new JsonArray([.. row.Select(pixel => (JsonNode)Math.Round(pixel / 255.0, 3))]));
        return
        [
            ("png", "A PNG in base64", Request(new JsonObject { ["b64"] = ExampleDigit.Base64() })),
            ("bytes", "784 numbers in 0..255", Request(ExampleDigit.Numbers())),
            ("rows", "28 rows of 28 numbers in 0..1", Request(new JsonArray([.. rows]))),
        ];

        static JsonObject Request(JsonNode instance) => new() { ["instances"] = new JsonArray(instance) };
    }
}
