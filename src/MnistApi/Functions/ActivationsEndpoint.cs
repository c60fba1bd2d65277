using MnistApi.OpenApi;
using static MnistApi.OpenApi.SchemaParts;

namespace MnistApi.Functions;

/// <summary>GET /activations: the chapter's functions, their values and plots, all computed by the code that serves predictions.</summary>
internal static class ActivationsEndpoint
{
    private const int MaxNumbers = 1000; // of one request

    public static readonly float[] SoftmaxExample = [0.3f, 2.9f, 4.0f]; // the chapter's

    public static void MapActivations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/activations", List)
            .Documented("activations", "Model", "The chapter's activation functions",
                "Step, sigmoid, ReLU, identity and softmax: their formulas, which layers of the served network use them, and "
                + "where their values and plots are.");
        routes.MapGet("/activations/{name}", Values)
            .Documented("activation", "Model", "An activation function's values",
                "The function applied to the numbers in x. Softmax also shows its way: naive, as the formula is written, and "
                + "with the maximum subtracted first; try x=1010,1000,990.")
            .TakesPath("name", OneOf(ActivationNames.All), "sigmoid")
            .TakesQuery("x", Text(), $"Numbers with commas between, at most {MaxNumbers}; by default -5 to 5 in tenths, for softmax the "
                + "chapter's 0.3,2.9,4.0.", "-1,1,2")
            .AnswersProblems(400, 404);
        routes.MapGet("/activations/{name}/plot.svg", Plot)
            .Documented("activationPlot", "Model", "An activation function's plot",
                "From -6 to 6, drawn from the function's own values; softmax as bars over the chapter's example. Light or dark "
                + "as the reader prefers.")
            .TakesPath("name", OneOf(ActivationNames.All), "sigmoid")
            .TakesQuery("against", OneOf(ActivationNames.All.Where(name => name != Activation.Softmax.Name())),
                "A second function in the same figure, dashed; not with softmax.", "step")
            .AnswersProblems(400, 404)
            .AnswersFile(SvgDrawing.ContentType, () => ActivationPlot.Draw(Activation.Sigmoid, Activation.Step));
    }

    public static string Formula(Activation activation) => activation switch
    {
        Activation.Step => "h(a) = 1 if a > 0, else 0",
        Activation.Sigmoid => "h(a) = 1 / (1 + exp(-a))",
        Activation.Relu => "h(a) = max(0, a)",
        Activation.Softmax => "y_k = exp(a_k - max a) / sum_i exp(a_i - max a)",
        _ => "h(a) = a",
    };

    public static float[] Apply(Activation activation, float[] x)
    {
        var y = new float[x.Length];
        Activations.Apply(activation, x, y);
        return y;
    }

    private static ActivationsResponse List(HttpRequest request, LoadedModel model)
    {
        var layers = model.Network.Layers.Index();
        return new ActivationsResponse([.. Enum.GetValues<Activation>().Select(each => new ActivationDescription(
            each.Name(),
            Formula(each),
            [.. layers.Where(layer => layer.Item.Activation == each).Select(layer => $"layer{layer.Index + 1}")],
            $"{request.PathBase}/activations/{each.Name()}",
            $"{request.PathBase}/activations/{each.Name()}/plot.svg"))]);
    }

    private static ActivationResponse Values(string name, string? x)
    {
        var activation = Find(name);
        var numbers = x is not null ? ReadNumbers(x)
            : activation == Activation.Softmax ? SoftmaxExample
            : [.. Enumerable.Range(-50, 101).Select(tenth => tenth / 10f)];
        var answer = new ActivationResponse(name, numbers, Apply(activation, numbers));
        return activation == Activation.Softmax
            ? answer with { Naive = SoftmaxSteps.Naive(numbers), MaxSubtracted = SoftmaxSteps.MaxSubtracted(numbers) }
            : answer;
    }

    private static IResult Plot(string name, string? against)
    {
        var activation = Find(name);
        var other = against is null ? (Activation?)null : Find(against);
        if (other is not null && (activation == Activation.Softmax || other == Activation.Softmax))
            throw Malformed("softmax has no curve of one number, so it cannot be drawn against another function");
        return Results.Text(ActivationPlot.Draw(activation, other), SvgDrawing.ContentType);
    }

    private static Activation Find(string name) => ActivationNames.TryParse(name, out var activation)
        ? activation
        : throw new RefusedException(Refusal.NotFound,
            $"there is no activation '{Quote.Of(name)}', expected {string.Join(", ", ActivationNames.All)}");

    private static float[] ReadNumbers(string text)
    {
        var words = text.Split(',');
        if (words.Length > MaxNumbers)
            throw Malformed($"x has {words.Length} numbers, expected at most {MaxNumbers}");
        return [.. words.Select(ReadNumber)];
    }

    private static float ReadNumber(string word, int index) =>
        float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number)
        ? number
        : throw Malformed($"x[{index}] is '{Quote.Of(word)}', expected a finite number such as -1.5; numbers stand with commas between");
}
