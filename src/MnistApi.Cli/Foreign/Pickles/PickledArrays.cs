using System.Collections.ObjectModel;
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

    public TensorFile Of(object? top)
    {
        if (Items(top) is not { } items)
            throw new WeightsFormatException($"expected the pickle to hold a dictionary of arrays, got {PickleValues.Describe(top)}");
        var dictionary = top as Dictionary<string, object?> ?? [];
        if (dictionary.ContainsKey("train_img"))
            throw new WeightsFormatException("this is MNIST as the book keeps it (train_img, train_label, ...): pictures, not weights");
        if (Array.Find(s_checkpointKeys, key => dictionary.GetValueOrDefault(key) is Dictionary<string, object?>) is { } key)
        {
            foreach (var (name, value) in items.Where(item => item.Name != key))
                PassOver(name, value);
            items = Items(dictionary[key])!;
        }
        VisitAll(items, top is Dictionary<string, object?> ? "" : "arr_", 0);
        return new TensorFile(_arrays, ReadOnlyDictionary<string, string>.Empty) { PassedOver = _passedOver };
    }

    /// <summary>What a container holds, by name or in turn; null for what is none.</summary>
    private static IEnumerable<(string Name, object? Value)>? Items(object? value) => value switch
    {
        Dictionary<string, object?> dictionary => dictionary.Select(pair => (pair.Key, pair.Value)),
        IReadOnlyList<object?> list => list.Select((item, i) => ($"{i}", item)),
        _ => null,
    };

    private void VisitAll(IEnumerable<(string Name, object? Value)> items, string prefix, int depth)
    {
        foreach (var (name, value) in items)
        {
            if (++_visits > MaxVisits)
                throw new WeightsFormatException($"expected at most {MaxVisits} arrays and lists of them");
            if (value is ArrayValue { Content: Tensor array })
                _arrays.Add(array with { Name = prefix + name });
            else if (depth < MaxDepth && Items(value) is { } inner && inner.Any(item => HasArrays(item.Value)))
                VisitAll(inner, $"{prefix}{name}.", depth + 1);
            else
                PassOver(prefix + name, value);
        }
    }

    private static bool HasArrays(object? value) => value is ArrayValue || Items(value) is not null;

    private void PassOver(string name, object? value) => _passedOver.Add($"{name} ({PickleValues.Describe(value)})");
}
