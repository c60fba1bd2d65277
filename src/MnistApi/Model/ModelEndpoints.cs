using System.Buffers.Binary;
using System.Net.Mime;
using MnistApi.Imaging;
using MnistApi.OpenApi;
using static MnistApi.OpenApi.SchemaParts;

namespace MnistApi.Model;

/// <summary>The loaded network to look at: its layers, its diagram, a layer's weights, and the first layer's units as pictures.</summary>
internal static class ModelEndpoints
{
    private const int MaxWeights = 1 << 20; // of a layer that is sent: 4 MiB
    private const int MidGrey = 128;

    public static void MapModel(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/model", Describe)
            .Documented("model", "Model", "The network that is served",
                "Name, layers with their shapes and activations, number of parameters, the weights file's checksum and what it "
                + "says of itself.");
        routes.MapGet("/model/diagram.svg", Diagram)
            .Documented("diagram", "Model", "The network's diagram",
                "Drawn from the loaded weights' shapes as the chapter draws its network. Units carry data-layer and data-unit; "
                + "of a layer at most 200 are drawn. Light or dark as the reader prefers.")
            .TakesQuery("flow", OneOf(["right", "down"]), "Which way it flows: right, the default, or down for narrow screens.", "right")
            .AnswersProblems(400)
            .AnswersFile(SvgDrawing.ContentType, () =>
                NetworkDiagram.Draw(routes.ServiceProvider.GetRequiredService<LoadedModel>().Network, isDown: false));
        routes.MapGet("/model/layers/{layer}/weights", Weights)
            .Documented("weights", "Model", "A layer's weights and biases",
                "float32, little-endian: W row by row, inputs x outputs, then b; numpy.frombuffer(body, '<f4') reads it. Layers "
                + "count from 1; for layers of at most 1048576 weights.")
            .TakesPath("layer", Whole(min: 1), 1)
            .AnswersProblems(404, 413)
            .AnswersFile(MediaTypeNames.Application.Octet);
        routes.MapGet("/model/layers/1/units/{unit}.png", UnitPicture)
            .Documented("unitPicture", "Model", "What a unit of the first layer looks for",
                "Its 784 weights as a 28x28 picture: mid grey is 0, lighter is ink that excites it, darker ink that inhibits it; "
                + "each picture is stretched to its largest weight. Units count from 0 here; the page calls this one unit 1.")
            .TakesPath("unit", Whole(min: 0), 0)
            .AnswersProblems(404)
            .AnswersFile(MediaTypeNames.Image.Png);
    }

    private static ModelResponse Describe(LoadedModel model) => new(
        model.Name,
        model.Network.ToString(),
        [.. model.Network.Layers.Select((layer, i) =>
            new LayerResponse($"layer{i + 1}", layer.Inputs, layer.Outputs, layer.Activation.Name()))],
        model.Network.Parameters,
        model.File.Sha256,
        model.File.Metadata);

    private static IResult Diagram(LoadedModel model, string? flow)
    {
        var isDown = flow switch
        {
            null or "right" => false,
            "down" => true,
            _ => throw Malformed($"flow is '{Quote.Of(flow)}', expected right or down"),
        };
        return Results.Text(NetworkDiagram.Draw(model.Network, isDown), SvgDrawing.ContentType);
    }

    private static IResult Weights(LoadedModel model, string layer)
    {
        var layers = model.Network.Layers;
        var found = layers[Find(layer, 1, layers.Count, "layer") - 1];
        if (found.Weights.Length > MaxWeights)
        {
            throw new RefusedException(Refusal.TooLarge,
                $"layer {layer} has {found.Weights.Length} weights, at most {MaxWeights} are sent");
        }
        var bytes = new byte[found.Parameters * sizeof(float)];
        foreach (var (i, value) in found.Weights.ToArray().Concat(found.Bias.ToArray()).Index())
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), value);
        return Results.Bytes(bytes, MediaTypeNames.Application.Octet);
    }

    private static IResult UnitPicture(LoadedModel model, string unit)
    {
        var layer = model.Network.Layers[0];
        var column = Find(unit, 0, layer.Outputs - 1, "unit of layer 1");
        var weights = Enumerable.Range(0, layer.Inputs).Select(i => layer.Weights[i * layer.Outputs + column]).ToArray();
        var largest = MathF.Max(1e-9f, weights.Max(MathF.Abs));
        var pixels = Array.ConvertAll(weights, weight => (byte)MathF.Round(MidGrey + weight / largest * (MidGrey - 1)));
        return Results.Bytes(PngEncoding.Encode(pixels, MnistImage.Width, MnistImage.Height), MediaTypeNames.Image.Png);
    }

    private static int Find(string text, int first, int last, string what) =>
        WholeNumber.TryParse(text, out var number) && number >= first && number <= last
        ? number
        : throw new RefusedException(Refusal.NotFound, $"there is no {what} '{Quote.Of(text)}', expected {first} to {last}");
}
