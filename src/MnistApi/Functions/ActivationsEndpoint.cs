using System.Globalization;
using MnistApi.Inference;
using MnistApi.Model;
using MnistApi.Problems;
using MnistApi.Startup;

namespace MnistApi.Functions;

/// <summary>GET /activations: the chapter's functions, their values and their plots, all computed by the code that serves predictions.</summary>
internal static class ActivationsEndpoint
{
    public const string XKey = "x";
    public const string AgainstKey = "against";

    /// <summary>Numbers that one request may ask for.</summary>
    public const int MostNumbers = 1000;

    private const int LongestNumber = 32;

    /// <summary>What the chapter shows its softmax with.</summary>
    public static readonly float[] SoftmaxExample = [0.3f, 2.9f, 4.0f];

    public static void MapActivations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/activations", List)
            .WithName("activations")
            .WithTags("Model")
            .WithSummary("The chapter's activation functions")
            .WithDescription("Step, sigmoid, ReLU, identity and softmax: their formulas, which layers of the served network use them, and where their values and plots are.")
            .Produces<ActivationsResponse>();
        routes.MapGet("/activations/{name}", Values)
            .WithName("activation")
            .WithTags("Model")
            .WithSummary("An activation function's values")
            .WithDescription(
                "The function applied to the numbers in x. Softmax also shows its way: naive, as the formula is written, and with the maximum subtracted first; "
                + "try x=1010,1000,990.")
            .AnswersProblems(400, 404)
            .Produces<ActivationResponse>();
        routes.MapGet("/activations/{name}/plot.svg", Plot)
            .WithName("activationPlot")
            .WithTags("Model")
            .WithSummary("An activation function's plot")
            .WithDescription("From -6 to 6, drawn from the function's own values; softmax as bars over the chapter's example. Light or dark as the reader prefers.")
            .AnswersProblems(400, 404)
            .Produces(StatusCodes.Status200OK, contentType: SvgDrawing.ContentType);
    }

    public static string Formula(Activation activation) => activation switch
    {
        Activation.Step => "h(a) = 1 if a > 0, else 0",
        Activation.Sigmoid => "h(a) = 1 / (1 + exp(-a))",
        Activation.Relu => "h(a) = max(0, a)",
        Activation.Softmax => "y_k = exp(a_k - max a) / sum_i exp(a_i - max a)",
        _ => "h(a) = a",
    };

    private static IResult List(LoadedModel model)
    {
        var layers = model.Network.Layers;
        return Results.Json(new ActivationsResponse([.. ActivationNames.All.Select((name, i) => new ActivationDescription(
            name,
            Formula((Activation)i),
            [.. Enumerable.Range(0, layers.Count).Where(layer => layers[layer].Activation == (Activation)i).Select(layer => $"layer{layer + 1}")],
            $"/activations/{name}",
            $"/activations/{name}/plot.svg"))]), ResponseJson.Default.ActivationsResponse);
    }

    private static IResult Values(HttpRequest request, string name)
    {
        var activation = Find(name);
        var x = request.Query[XKey] is { Count: > 0 } given ? ReadNumbers(given.ToString()) : Default(activation);
        var y = new float[x.Length];
        Activations.Apply(activation, x, y);
        var answer = activation == Activation.Softmax
            ? new ActivationResponse(name, x, y, SoftmaxSteps.Naive(x), SoftmaxSteps.MaxSubtracted(x))
            : new ActivationResponse(name, x, y);
        return Results.Json(answer, ResponseJson.Default.ActivationResponse);
    }

    private static IResult Plot(HttpRequest request, string name)
    {
        var activation = Find(name);
        var against = request.Query[AgainstKey] is { Count: > 0 } other ? Find(other.ToString()) : (Activation?)null;
        if (against is not null && (activation == Activation.Softmax || against == Activation.Softmax))
            throw new RefusedException(Refusal.Malformed, "softmax has no curve of one number, so it cannot be drawn against another function");
        return Results.Text(ActivationPlot.Draw(activation, against), SvgDrawing.ContentType);
    }

    private static Activation Find(string name) => ActivationNames.TryParse(name, out var activation)
        ? activation
        : throw new RefusedException(Refusal.NotFound, $"there is no activation '{Quote.Of(name)}', expected {string.Join(", ", ActivationNames.All)}");

    private static float[] Default(Activation activation) => activation == Activation.Softmax
        ? SoftmaxExample
        : [.. Enumerable.Range(-50, 101).Select(tenth => tenth / 10f)];

    private static float[] ReadNumbers(string text)
    {
        if (text.Length > MostNumbers * LongestNumber)
            throw new RefusedException(Refusal.Malformed, $"{XKey} has {text.Length} characters, expected at most {MostNumbers} numbers");
        var words = text.Split(',');
        if (words.Length > MostNumbers)
            throw new RefusedException(Refusal.Malformed, $"{XKey} has {words.Length} numbers, expected at most {MostNumbers}");
        return [.. words.Select((word, i) => float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number)
            ? number
            : throw new RefusedException(Refusal.Malformed, $"{XKey}[{i}] is '{Quote.Of(word)}', expected a finite number such as -1.5; numbers stand with commas between"))];
    }
}
