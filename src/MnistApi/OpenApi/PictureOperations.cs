using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using MnistApi.Functions;
using MnistApi.Inference;
using MnistApi.Model;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>Describes the queries and the paths' parameters of what shows the network: activations, weights, diagrams, MNIST's pictures.</summary>
internal sealed class PictureOperations : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        switch (operation.OperationId)
        {
            case "activation":
                operation.Parameters =
                [
                    Path("name", Words(ActivationNames.All), "sigmoid"),
                    Query(ActivationsEndpoint.XKey, new OpenApiSchema { Type = JsonSchemaType.String },
                        $"Numbers with commas between, at most {ActivationsEndpoint.MostNumbers}; by default -5 to 5 in tenths, for softmax the chapter's 0.3,2.9,4.0.", "-1,1,2"),
                ];
                break;
            case "activationPlot":
                operation.Parameters =
                [
                    Path("name", Words(ActivationNames.All), "sigmoid"),
                    Query(ActivationsEndpoint.AgainstKey, Words(ActivationNames.All.Where(name => name != Activation.Softmax.Name())), "A second function in the same figure, dashed; not with softmax.", "step"),
                ];
                break;
            case "diagram":
                operation.Parameters = [Query(LayerEndpoints.FlowKey, Words(["right", "down"]), "Which way it flows: right, the default, or down for narrow screens.", "right")];
                break;
            case "weights":
                operation.Parameters = [Path("layer", WholeNumber(1), 1)];
                break;
            case "unitPicture":
                operation.Parameters = [Path("unit", WholeNumber(0), 0)];
                break;
            case "datasetImage":
                operation.Parameters = [Path("split", Words(["test", "train"]), "test"), Path("index", WholeNumber(0), 0)];
                break;
            default:
                return;
        }
        foreach (var content in operation.Responses!["200"].Content!)
        {
            if (content.Key is MediaTypeNames.Image.Png or MediaTypeNames.Application.Octet)
                ((OpenApiMediaType)content.Value).Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        }
    }

    private static OpenApiParameter Path(string name, OpenApiSchema schema, JsonNode example) =>
        new() { Name = name, In = ParameterLocation.Path, Required = true, Schema = schema, Example = example };

    private static OpenApiParameter Query(string name, OpenApiSchema schema, string description, JsonNode example) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema, Example = example };

    private static OpenApiSchema Words(IEnumerable<string> words) => new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] };

    private static OpenApiSchema WholeNumber(int least) => new() { Type = JsonSchemaType.Integer, Minimum = $"{least}" };
}
