using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using MnistApi.Inference;
using MnistApi.Predict;
using Swashbuckle.AspNetCore.SwaggerGen;
using static MnistApi.OpenApi.SchemaParts;

namespace MnistApi.OpenApi;

/// <summary>Describes POST /predict: four kinds of body, each with an example that works as it stands.</summary>
internal sealed class PredictOperation : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.OperationId != "predict")
            return;
        operation.Parameters = [PreprocessParameter(), IncludeParameter()];
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [MediaTypeNames.Application.Json] = new OpenApiMediaType { Schema = context.SchemaRepository.Component("PredictRequest", InstancesSchema), Examples = JsonExamples() },
                [MediaTypeNames.Image.Png] = new OpenApiMediaType { Schema = Binary("One PNG of any size up to the limit: dark on light or light on dark."), Examples = FileExample(ExampleDigit.PngPath) },
                [MediaTypeNames.Multipart.FormData] = new OpenApiMediaType { Schema = FormSchema(), Examples = FileExample(ExampleDigit.PngPath) },
                [MediaTypeNames.Application.Octet] = new OpenApiMediaType { Schema = Binary($"{MnistImage.Pixels} bytes an image, row by row, 0 ground to 255 ink; any number of images."), Examples = FileExample(ExampleDigit.RawPath) },
            },
        };
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = "The probabilities of the digits 0 to 9 for every image, in the order given.",
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [MediaTypeNames.Application.Json] = new OpenApiMediaType
                {
                    Schema = context.SchemaGenerator.GenerateSchema(typeof(PredictResponse), context.SchemaRepository),
                },
            },
        };
    }

    private static OpenApiParameter PreprocessParameter() => new()
    {
        Name = PredictQuery.PreprocessKey,
        In = ParameterLocation.Query,
        Description = "What is done to a PNG that is not one of MNIST's. auto: the digit is found, cleaned of its ground, scaled and centred as MNIST's makers did; "
            + "422 where there is none or several. none: the picture is averaged to 28x28 in grey, light staying light, and nothing else; for pictures that were prepared already. Pixels are never changed.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["auto", "none"], Default = "auto" },
        Example = "auto",
    };

    private static OpenApiParameter IncludeParameter() => new()
    {
        Name = PredictQuery.IncludeKey,
        In = ParameterLocation.Query,
        Description = $"input: each prediction gets a member 'input' with the 784 numbers that the network saw, the same as a PNG in base64, and the steps that led to them; activations: a member 'activations' with the hidden layers' outputs z1, z2, ... and the logits. Both with a comma between; for at most {PredictWriter.MaxImagesWithExtras} images.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["input", "activations", "input,activations"] },
    };

    private static OpenApiSchema InstancesSchema()
    {
        var number = new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "255" };
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "instances" },
            AdditionalPropertiesAllowed = false,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["instances"] = new OpenApiSchema
                {
                    Description = "The images, each in one of three forms.",
                    Type = JsonSchemaType.Array,
                    MinItems = 1,
                    Items = new OpenApiSchema
                    {
                        OneOf =
                        [
                            ArrayOf(number, MnistImage.Pixels, "784 numbers, row by row."),
                            ArrayOf(ArrayOf(number, MnistImage.Width), MnistImage.Height, "28 rows of 28 numbers."),
                            new OpenApiSchema
                            {
                                Description = "A PNG in base64.",
                                Type = JsonSchemaType.Object,
                                Required = new HashSet<string> { "b64" },
                                AdditionalPropertiesAllowed = false,
                                Properties = new Dictionary<string, IOpenApiSchema> { ["b64"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" } },
                            },
                        ],
                    },
                },
                ["scale"] = new OpenApiSchema
                {
                    Description = "What the numbers are to be divided by: 255 for 0..255, 1 for 0..1. Without it, numbers that all lie within 0..1 are taken as they are, else as 0..255.",
                    Type = JsonSchemaType.Integer,
                    Enum = [1, MnistImage.FullInk],
                },
            },
        };
    }

    private static OpenApiSchema ArrayOf(OpenApiSchema items, int count, string? description = null) => new()
    {
        Description = description,
        Type = JsonSchemaType.Array,
        MinItems = count,
        MaxItems = count,
        Items = items,
    };

    private static OpenApiSchema FormSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["file"] = Binary("A PNG. Any field name will do, and any number of files up to the limit."),
        },
    };

    private static Dictionary<string, IOpenApiExample> JsonExamples()
    {
        var pixels = ExampleDigit.Pixels();
        var flat = new JsonArray([.. pixels.Select(pixel => (JsonNode)(int)pixel)]);
        var rows = new JsonArray([.. pixels.Chunk(MnistImage.Width).Select(row => new JsonArray([.. row.Select(pixel => (JsonNode)Math.Round(pixel / 255.0, 3))]))]);
        var png = Convert.ToBase64String(ExampleDigit.Png());
        return new Dictionary<string, IOpenApiExample>
        {
            ["png"] = Example("A PNG in base64", new JsonObject { ["b64"] = png }),
            ["bytes"] = Example("784 numbers in 0..255", flat),
            ["rows"] = Example("28 rows of 28 numbers in 0..1", rows),
        };
    }

    private static Dictionary<string, IOpenApiExample> FileExample(string path) => new()
    {
        ["seven"] = new OpenApiExample { Summary = "A seven", ExternalValue = path },
    };

    private static OpenApiExample Example(string summary, JsonNode instance) => new()
    {
        Summary = summary,
        Value = new JsonObject { ["instances"] = new JsonArray(instance) },
    };
}
