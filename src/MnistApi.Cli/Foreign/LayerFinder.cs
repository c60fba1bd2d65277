using System.Text.RegularExpressions;
using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>
/// Finds a network's layers among named arrays: matrices by the chain of their shapes from 784 to 10, vectors by their names or by standing
/// after a matrix. All matrices stand the same way: a chain from 784 to 10 read backwards ends at 784, so only one way can fit.
/// </summary>
internal sealed partial class LayerFinder
{
    private const int MaxLayers = 64;
    private const int MaxSteps = 10_000; // of the search, which many matrices of one shape could make endless
    private const double TorchEpsilon = 1e-5, KerasEpsilon = 1e-3; // their defaults in batch normalisation

    private readonly List<Group> _groups = [];
    private readonly List<string> _notes;
    private int _steps;

    private LayerFinder(List<string> notes) => _notes = notes;

    /// <summary>A matrix with the vectors that belong to it, or batch normalisation, which is vectors alone.</summary>
    private sealed record Group(string Stem, Tensor? Matrix, Dictionary<string, Tensor> Vectors);

    /// <exception cref="WeightsFormatException">There is no such chain, or something is left over.</exception>
    public static NetworkDraft Find(ForeignArrays file, string? activations, Affine? input, List<string> notes)
    {
        if (file.Arrays.Count == 0)
        {
            throw new WeightsFormatException(
                $"expected arrays of floats, got none{(file.PassedOver.Count > 0 ? $"; {List(file.PassedOver)}" : "")}");
        }
        var finder = new LayerFinder(notes);
        finder.Collect(file.Arrays);
        var isTorch = file.Arrays.Any(array => array.Name.EndsWith(".weight", StringComparison.Ordinal));
        return finder.Build(isTorch, activations ?? file.Activations, input);
    }

    public static string List(IEnumerable<string> names) => string.Join(", ", names.Take(8)) + (names.Skip(8).Any() ? ", ..." : "");

    /// <summary>Puts what belongs together in groups, in the order of the numbers in their names.</summary>
    private void Collect(IReadOnlyList<Tensor> arrays)
    {
        foreach (var array in arrays.OrderBy(array => Natural(array.Name), StringComparer.Ordinal))
        {
            if (RecurrentName().IsMatch(array.Name))
                throw new WeightsFormatException($"'{array.Name}' belongs to a recurrent layer; only dense layers are read");
            WeightsFile.RequireFinite(array);
            var size = array.Shape.Where(dimension => dimension != 1).ToArray();
            if (array.Shape.Count > 2 && size.Length > 1)
            {
                throw new WeightsFormatException(
                    $"'{array.Name}' has the shape {array.ShapeText}: {(array.Shape.Count == 4 ? "convolutions" : "such arrays")} "
                    + "are not supported, only dense layers are read");
            }
            var kind = KindName().Match(array.Name);
            var isOneUnit = array.Shape.Contains(MnistImage.Pixels) && !IsBiasName(kind.Value); // 784x1, not a bias kept as a row
            var isMatrix = array.Shape.Count == 2 && (size.Length == 2 || isOneUnit || IsWeightName(kind.Value));
            if (array.Shape.Count == 0)
                _notes.Add($"passed over: {array.Name} (a number)");
            else if (kind.Success)
                Add(array.Name.Remove(kind.Index, kind.Length), isMatrix, kind.Value.ToLowerInvariant(), array);
            else if (isMatrix)
                _groups.Add(new Group(array.Name, array, []));
            else if (_groups.Count == 0)
                throw new WeightsFormatException($"expected a matrix first, got '{array.Name}' {array.ShapeText}");
            else
                _groups[^1].Vectors.Add($"{_groups[^1].Vectors.Count}", array);
        }
    }

    private void Add(string stem, bool isMatrix, string kind, Tensor array)
    {
        var index = _groups.FindIndex(group => group.Stem == stem);
        if (index < 0)
        {
            index = _groups.Count;
            _groups.Add(new Group(stem, null, []));
        }
        var group = _groups[index];
        if (isMatrix && group.Matrix is null)
            _groups[index] = group with { Matrix = array };
        else if (isMatrix || !group.Vectors.TryAdd(kind, array))
            throw new WeightsFormatException($"'{array.Name}' stands beside '{(group.Matrix ?? array).Name}' as a second of its kind");
    }

    private NetworkDraft Build(bool isTorch, string? activations, Affine? input)
    {
        var dense = _groups.Where(group => group.Matrix is not null).ToList();
        if (dense.Count > MaxLayers)
            throw new WeightsFormatException($"expected at most {MaxLayers} layers, got {dense.Count} matrices");
        var isTransposed = isTorch;
        var chain = Chain(dense, isTransposed) ?? Chain(dense, isTransposed = !isTransposed) ?? throw NoChain(dense);
        if (isTransposed)
            _notes.Add("the matrices are outputs x inputs, as PyTorch keeps them: transposed");
        else if (isTorch)
            _notes.Add("the matrices are inputs x outputs, although PyTorch, whose names they have, keeps them the other way round");
        var norms = PlaceNorms(chain);
        var isChapters = chain.All(group => ChapterName().IsMatch(group.Matrix!.Name));
        var hidden = isChapters ? Activation.Sigmoid : Activation.Relu;
        if (activations is null)
        {
            activations = string.Join(',', Enumerable.Repeat(hidden.Name(), chain.Count - 1).Append(Activation.Softmax.Name()));
            _notes.Add($"the file does not name the activations, taken: {activations} (--activations names others)");
        }
        var functions = WeightsFile.ParseActivations(activations, chain.Count);
        var draft = NetworkDraft.Empty with { Pending = input };
        foreach (var (group, i) in chain.Select((group, i) => (group, i)))
        {
            draft = draft.Dense(DraftLayer.Of(group.Matrix!, isTransposed, Bias(group, isTransposed)));
            foreach (var norm in norms.Where(pair => pair.Value == group).Select(pair => pair.Key))
                draft = Normalize(draft, norm, group);
            draft = draft.Activate(functions[i]);
        }
        return draft;
    }

    /// <summary>A way from 784 to 10 that takes every matrix once; the first in the order of the names.</summary>
    private List<Group>? Chain(List<Group> dense, bool isTransposed)
    {
        var (chain, used) = (new List<Group>(), new HashSet<Group>());
        return Extend(MnistImage.Pixels) ? chain : null;

        bool Extend(int width)
        {
            if (++_steps > MaxSteps)
                throw new WeightsFormatException("expected matrices that make one chain from 784 to 10, too many ways are open");
            if (chain.Count == dense.Count)
                return width == MnistImage.Classes;
            foreach (var group in dense.Where(group => !used.Contains(group) && Side(group, isTransposed) == width).ToArray())
            {
                chain.Add(group);
                used.Add(group);
                if (Extend(Side(group, !isTransposed)))
                    return true;
                chain.RemoveAt(chain.Count - 1);
                used.Remove(group);
            }
            return false;
        }
    }

    private static int Side(Group group, bool second) => group.Matrix!.Shape[second ? 1 : 0];

    private static WeightsFormatException NoChain(List<Group> dense) => new(
        $"expected matrices whose shapes make one chain from {MnistImage.Pixels} (the pixels of a picture) "
        + $"to {MnistImage.Classes} (the digits), got "
        + (dense.Count == 0 ? "no matrix" : List(dense.Select(group => $"'{group.Matrix!.Name}' {group.Matrix.ShapeText}"))));

    private double[]? Bias(Group group, bool isTransposed)
    {
        var outputs = Side(group, !isTransposed);
        // Four vectors are Keras's layer without a bias: gamma, beta, mean, variance.
        var (_, bias) = group.Vectors.Count == 4 ? default : group.Vectors.FirstOrDefault(pair => pair.Key is "0" || IsBiasName(pair.Key));
        if (bias is null)
        {
            _notes.Add($"'{group.Matrix!.Name}' has no bias: zeros");
            return null;
        }
        return bias.Values.Length == outputs
            ? Numbers(bias)
            : throw new WeightsFormatException(
                $"expected '{bias.Name}' to have {outputs} numbers, as '{group.Matrix!.Name}' has outputs, got {bias.ShapeText}");
    }

    /// <summary>Which dense layer each batch normalisation follows.</summary>
    private Dictionary<Group, Group> PlaceNorms(List<Group> chain)
    {
        var places = chain.Where(group => group.Vectors.Count is 4 or 5).ToDictionary(group => group, group => group);
        foreach (var norm in _groups.Where(group => group.Matrix is null))
        {
            var width = norm.Vectors.Values.First().Values.Length;
            if (!norm.Vectors.ContainsKey("running_mean"))
                throw new WeightsFormatException($"'{norm.Vectors.Values.First().Name}' belongs to no matrix");
            var before = _groups.Take(_groups.IndexOf(norm)).LastOrDefault(chain.Contains);
            var number = Natural(norm.Stem).Where(char.IsAsciiDigit).ToArray();
            var free = chain.Where(group => !places.ContainsValue(group) && group.Matrix!.Shape.Contains(width)).ToArray();
            places[norm] = free.FirstOrDefault(group => Natural(group.Stem).Where(char.IsAsciiDigit).SequenceEqual(number))
                ?? free.FirstOrDefault(group => group == before)
                ?? free.FirstOrDefault()
                ?? throw new WeightsFormatException($"'{norm.Stem.TrimEnd('.')}' normalises {width} numbers, as no layer has outputs");
        }
        return places;
    }

    private NetworkDraft Normalize(NetworkDraft draft, Group norm, Group layer)
    {
        var isTorch = norm.Matrix is null;
        Tensor? Vector(string name, int place) => isTorch
            ? norm.Vectors.GetValueOrDefault(name)
            : norm.Vectors.GetValueOrDefault($"{norm.Vectors.Count - 4 + place}");
        double[] Values(string name, int place, double otherwise) =>
            Vector(name, place) is { } vector ? Numbers(vector) : [.. Enumerable.Repeat(otherwise, draft.Width)];
        var parts = new[] { Values("weight", 0, 1), Values("bias", 1, 0), Values("running_mean", 2, 0), Values("running_var", 3, 1) };
        if (parts.Any(part => part.Length != draft.Width))
        {
            throw new WeightsFormatException(
                $"expected the batch normalisation after '{layer.Matrix!.Name}' to have {draft.Width} numbers in each array");
        }
        _notes.Add($"batch normalisation {(isTorch ? $"'{norm.Stem.TrimEnd('.')}' " : "")}folded into '{layer.Matrix!.Name}', "
            + "taken to stand before the activation");
        return draft.Normalize(parts[0], parts[1], parts[2], parts[3], isTorch ? TorchEpsilon : KerasEpsilon);
    }

    private static double[] Numbers(Tensor tensor) => Array.ConvertAll(tensor.Values.ToArray(), value => (double)value);

    /// <summary>Numbers padded, so that 10 comes after 2.</summary>
    private static string Natural(string name) => Number().Replace(name, match => match.Value.TrimStart('0').PadLeft(10, '0'));

    private static bool IsWeightName(string kind) => kind is not "" && "wWkKcC".Contains(kind[0], StringComparison.Ordinal);

    private static bool IsBiasName(string kind) => kind is not "" && "bBiI".Contains(kind[0], StringComparison.Ordinal);

    [GeneratedRegex("[0-9]{1,9}")]
    private static partial Regex Number();

    [GeneratedRegex("(weight|bias)_[ih]h|recurrent", RegexOptions.IgnoreCase)]
    private static partial Regex RecurrentName();

    [GeneratedRegex("^[Ww][0-9]+$")]
    private static partial Regex ChapterName();

    /// <summary>The part of a name that says what the array is to its layer.</summary>
    [GeneratedRegex("weights?|kernel|coefs?|running_mean|running_var|bias(es)?|intercepts?|(?<![A-Za-z])[wWbB](?![A-Za-z])")]
    private static partial Regex KindName();
}
