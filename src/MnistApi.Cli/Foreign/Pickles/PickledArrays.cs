using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Pickles;

/// <summary>The arrays in what a pickle made: a dictionary, a list or a tuple of them, one in another at most a few deep.</summary>
internal sealed class PickledArrays
{
    private const int MaxDepth = 4; // a list that holds itself has no end
    private const int MaxVisits = 10_000; // a list of one list many times over grows with every depth

    private static readonly string[] s_checkpointKeys = ["state_dict", "model_state_dict", "model"];

    private readonly List<Tensor> _arrays = [];
    private readonly List<string> _passedOver = [];
    private int _visits;

    /// <exception cref="WeightsFormatException">There is no array, or no end of them.</exception>
    public static ForeignArrays Of(object? top)
    {
        var found = new PickledArrays();
        if (top is Dictionary<string, object?> dictionary && dictionary.ContainsKey("train_img"))
            throw new WeightsFormatException("this is MNIST as the book keeps it (train_img, train_label, ...): pictures, not weights");
        if (top is not (Dictionary<string, object?> or List<object?> or object?[]))
            throw new WeightsFormatException($"expected the pickle to hold a dictionary of arrays, got {PickleValues.Describe(top)}");
        found.VisitAll(found.WithoutCheckpoint(top), top is Dictionary<string, object?> ? "" : "arr_", 0);
        return new ForeignArrays(found._arrays, found._passedOver);
    }

    /// <summary>A checkpoint's state_dict, or what there is where it is none.</summary>
    private object? WithoutCheckpoint(object? top)
    {
        if (top is not Dictionary<string, object?> checkpoint
            || s_checkpointKeys.FirstOrDefault(key => checkpoint.GetValueOrDefault(key) is Dictionary<string, object?>) is not { } key)
        {
            return top;
        }
        _passedOver.AddRange(checkpoint.Where(pair => pair.Key != key).Select(pair => $"{pair.Key} ({PickleValues.Describe(pair.Value)})"));
        return checkpoint[key];
    }

    private void VisitAll(object? container, string prefix, int depth)
    {
        if (container is Dictionary<string, object?> dictionary)
        {
            foreach (var (name, value) in dictionary)
                Visit(prefix + name, value, depth);
            return;
        }
        var index = 0;
        foreach (var value in (IEnumerable<object?>)container!)
            Visit($"{prefix}{index++}", value, depth);
    }

    private void Visit(string name, object? value, int depth)
    {
        if (++_visits > MaxVisits)
            throw new WeightsFormatException($"expected at most {MaxVisits} arrays and lists of them");
        if (value is ArrayValue { Array: { } array })
            _arrays.Add(array with { Name = name });
        else if (depth < MaxDepth && HoldsArrays(value))
            VisitAll(value, name + ".", depth + 1);
        else
            _passedOver.Add($"{name} ({PickleValues.Describe(value)})");
    }

    private static bool HoldsArrays(object? value) => value switch
    {
        Dictionary<string, object?> dictionary => dictionary.Values.Any(IsArrayOrContainer),
        List<object?> list => list.Any(IsArrayOrContainer),
        object?[] tuple => tuple.Any(IsArrayOrContainer),
        _ => false,
    };

    private static bool IsArrayOrContainer(object? value) =>
        value is ArrayValue or Dictionary<string, object?> or List<object?> or object?[];
}
