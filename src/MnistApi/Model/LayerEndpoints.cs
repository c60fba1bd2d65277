using System.Net.Mime;
using System.Buffers.Binary;
using MnistApi.Imaging;
using MnistApi.Inference;
using MnistApi.Problems;

namespace MnistApi.Model;

/// <summary>The loaded network to look at: its diagram, a layer's weights, and the first layer's units as pictures.</summary>
internal static class LayerEndpoints
{
    public const string FlowKey = "flow";

    /// <summary>Weights are sent for layers of at most so many: 4 MiB.</summary>
    private const int MostWeights = 1 << 20;

    private const int MidGrey = 128;

    public static void MapLayers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/model/diagram.svg", Diagram)
            .WithName("diagram")
            .WithTags("Model")
            .WithSummary("The network's diagram")
            .WithDescription("Drawn from the loaded weights' shapes as the chapter draws its network. Units carry data-layer and data-unit; of a layer at most 200 are drawn. Light or dark as the reader prefers.")
            .AnswersProblems(400)
            .Produces(StatusCodes.Status200OK, contentType: SvgDrawing.ContentType);
        routes.MapGet("/model/layers/{layer}/weights", Weights)
            .WithName("weights")
            .WithTags("Model")
            .WithSummary("A layer's weights and biases")
            .WithDescription("float32, little-endian: W row by row, inputs x outputs, then b; numpy.frombuffer(body, '<f4') reads it. Layers count from 1; for layers of at most 1048576 weights.")
            .AnswersProblems(404, 413)
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Application.Octet);
        routes.MapGet("/model/layers/1/units/{unit}.png", UnitPicture)
            .WithName("unitPicture")
            .WithTags("Model")
            .WithSummary("What a unit of the first layer looks for")
            .WithDescription("Its 784 weights as a 28x28 picture: mid grey is 0, lighter is ink that excites it, darker ink that inhibits it; each picture is stretched to its largest weight.")
            .AnswersProblems(404)
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Image.Png);
    }

    private static IResult Diagram(HttpRequest request, LoadedModel model)
    {
        var isDown = request.Query[FlowKey] is not { Count: > 0 } flow ? false : flow.ToString() switch
        {
            "right" => false,
            "down" => true,
            var other => throw new RefusedException(Refusal.Malformed, $"{FlowKey} is '{Quote.Of(other)}', expected right or down"),
        };
        return Results.Text(NetworkDiagram.Draw(model.Network, isDown), SvgDrawing.ContentType);
    }

    private static IResult Weights(LoadedModel model, string layer)
    {
        var layers = model.Network.Layers;
        var found = layers[Find(layer, 1, layers.Count, "layer") - 1];
        if (found.Weights.Length > MostWeights)
            throw new RefusedException(Refusal.TooLarge, $"layer {layer} has {found.Weights.Length} weights, at most {MostWeights} are sent");
        var bytes = new byte[found.Parameters * sizeof(float)];
        Write(found.Weights, bytes);
        Write(found.Bias, bytes.AsSpan(found.Weights.Length * sizeof(float)));
        return Results.Bytes(bytes, MediaTypeNames.Application.Octet);
    }

    private static IResult UnitPicture(LoadedModel model, string unit)
    {
        var layer = model.Network.Layers[0];
        var column = Find(unit, 0, layer.Outputs - 1, "unit of layer 1");
        var largest = 1e-9f;
        for (var i = 0; i < layer.Inputs; i++)
            largest = MathF.Max(largest, MathF.Abs(layer.Weights[i * layer.Outputs + column]));
        var pixels = new byte[MnistImage.Pixels];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)MathF.Round(MidGrey + layer.Weights[i * layer.Outputs + column] / largest * (MidGrey - 1));
        return Results.Bytes(PngEncoding.Encode(pixels, MnistImage.Width, MnistImage.Height), MediaTypeNames.Image.Png);
    }

    private static int Find(string text, int first, int last, string what) => WholeNumber.TryParse(text, out var number) && number >= first && number <= last
        ? number
        : throw new RefusedException(Refusal.NotFound, $"there is no {what} '{Quote.Of(text)}', expected {first} to {last}");

    private static void Write(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes[(i * sizeof(float))..], values[i]);
    }
}
