using System.Text.RegularExpressions;
using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>
/// Finds a network's layers among named arrays: matrices by the chain of their shapes from 784 to 10, vectors by their names or by standing
/// after a matrix. All matrices stand the same way: a chain from 784 to 10 read backwards ends at 784, so only one way can fit.
/// </summary>
internal sealed partial class LayerFinder(List<string> notes)
{
    private const int MaxLayers = 64;
    private const int MaxSteps = 10_000; // of the search, which many matrices of one shape could make endless
    private const double TorchEpsilon = 1e-5, KerasEpsilon = 1e-3; // their defaults in batch normalisation

    private static readonly string[] s_norm = ["weight", "bias", "running_mean", "running_var"]; // gamma, beta, mean, variance

    private readonly List<Group> _groups = [];
    private int _steps;

    /// <summary>A matrix with the vectors that belong to it, or batch normalisation, which is vectors alone.</summary>
    private sealed record Group(string Stem)
    {
        public string Numbers => string.Concat(Natural(Stem).Where(char.IsAsciiDigit));

        public Tensor? Matrix { get; set; }

        /// <summary>By the kind in their names, or 0, 1, ... in turn.</summary>
        public Dictionary<string, Tensor> Vectors { get; } = [];

        /// <summary>The last four are Keras's gamma, beta, mean, variance; the first of five is the layer's bias.</summary>
        public bool IsKerasNorm => Vectors.Count is 4 or 5 && Vectors.ContainsKey($"{Vectors.Count - 1}");
    }

    public NetworkDraft Find(TensorFile file, string? activations, NetworkDraft start)
    {
        if (file.PassedOver.Count > 0)
            notes.Add($"passed over: {List(file.PassedOver)}");
        if (file.Tensors.Count == 0)
            throw new WeightsFormatException(string.Join("; ", ["expected arrays of floats, got none", .. file.PassedOver.Take(8)]));
        foreach (var array in file.Tensors.OrderBy(array => Natural(array.Name), StringComparer.Ordinal))
            Place(array);
        var isTorch = file.Tensors.Any(array => array.Name.EndsWith(".weight", StringComparison.Ordinal));
        return Build(isTorch, activations ?? file.Metadata.GetValueOrDefault(WeightsFile.ActivationsKey), start);
    }

    public static string List(IEnumerable<string> names) => string.Join(", ", names.Take(8)) + (names.Skip(8).Any() ? ", ..." : "");

    /// <summary>Puts an array to those that it belongs to.</summary>
    private void Place(Tensor array)
    {
        if (RecurrentName().IsMatch(array.Name))
            throw new WeightsFormatException($"'{array.Name}' belongs to a recurrent layer; only dense layers are read");
        WeightsFile.RequireFinite(array);
        var sides = array.Shape.Count(size => size != 1);
        if (array.Shape.Count > 2 && sides > 1)
        {
            throw new WeightsFormatException($"'{array.Name}' has the shape {array.ShapeText}: "
                + $"{(array.Shape.Count == 4 ? "convolutions" : "such arrays")} are not supported, only dense layers are read");
        }
        if (array.Shape.Count == 0)
        {
            notes.Add($"passed over: {array.Name} (a number)");
            return;
        }
        var match = KindName().Match(array.Name);
        var kind = match.Value.ToLowerInvariant();
        var isOneUnit = array.Shape.Contains(MnistImage.Pixels) && !IsBias(kind); // 784x1, not a bias kept as a row
        var isMatrix = array.Shape.Count == 2 && (sides == 2 || isOneUnit || kind is ['w' or 'k' or 'c', ..]);
        if (!match.Success && !isMatrix && _groups.Count == 0)
            throw new WeightsFormatException($"expected a matrix first, got '{array.Name}' {array.ShapeText}");
        var stem = match.Success ? array.Name.Remove(match.Index, match.Length).TrimEnd('.') : array.Name;
        var group = match.Success ? _groups.Find(group => group.Stem == stem) : isMatrix ? null : _groups[^1];
        if (group is null)
            _groups.Add(group = new Group(stem));
        if (isMatrix && group.Matrix is null)
            group.Matrix = array;
        else if (isMatrix || !group.Vectors.TryAdd(match.Success ? kind : $"{group.Vectors.Count}", array))
            throw new WeightsFormatException($"'{array.Name}' stands beside '{(group.Matrix ?? array).Name}' as a second of its kind");
    }

    private NetworkDraft Build(bool isTorch, string? activations, NetworkDraft draft)
    {
        var dense = _groups.Where(group => group.Matrix is not null).ToArray();
        if (dense.Length > MaxLayers)
            throw new WeightsFormatException($"expected at most {MaxLayers} layers, got {dense.Length} matrices");
        var isTransposed = isTorch;
        var chain = Chain(dense, MnistImage.Pixels, isTransposed) ?? Chain(dense, MnistImage.Pixels, isTransposed = !isTransposed)
            ?? throw new WeightsFormatException(
                $"expected matrices whose shapes make one chain from {MnistImage.Pixels} (the pixels of a picture) "
                + $"to {MnistImage.Classes} (the digits), got "
                + (dense.Length == 0 ? "no matrix" : List(dense.Select(group => $"'{group.Matrix!.Name}' {group.Matrix.ShapeText}"))));
        if (isTransposed)
            notes.Add("the matrices are outputs x inputs, as PyTorch keeps them: transposed");
        else if (isTorch)
            notes.Add("the matrices are inputs x outputs, although PyTorch, whose names they have, keeps them the other way round");
        if (activations is null)
        {
            var hidden = chain.All(group => ChapterName().IsMatch(group.Matrix!.Name)) ? Activation.Sigmoid : Activation.Relu;
            activations = string.Join(',', Enumerable.Repeat(hidden.Name(), chain.Length - 1).Append(Activation.Softmax.Name()));
            notes.Add($"the file does not name the activations, taken: {activations} (--activations names others)");
        }
        var functions = WeightsFile.ParseActivations(activations, chain.Length);
        var norms = PlaceNorms(chain, isTransposed);
        foreach (var (i, group) in chain.Index())
        {
            var bias = group.Vectors.FirstOrDefault(pair => IsBias(pair.Key) || (pair.Key == "0" && group.Vectors.Count != 4)).Value;
            if (bias is null)
                notes.Add($"'{group.Matrix!.Name}' has no bias: zeros");
            draft = draft.Dense(group.Matrix!, isTransposed, bias);
            foreach (var norm in norms[group])
            {
                var parts = s_norm.Select((kind, place) => norm.Vectors.GetValueOrDefault(
                    norm.IsKerasNorm ? $"{norm.Vectors.Count - s_norm.Length + place}" : kind)).ToArray();
                draft = draft.Normalize(parts[0], parts[1], parts[2], parts[3], norm.IsKerasNorm ? KerasEpsilon : TorchEpsilon);
                notes.Add($"batch normalisation {(norm.IsKerasNorm ? "" : $"'{norm.Stem}' ")}folded into '{group.Matrix!.Name}', "
                    + "taken to stand before the activation");
            }
            draft = draft.Activate(functions[i]);
        }
        return draft;
    }

    /// <summary>A way from a width to 10 that takes every matrix once; the first in the order of the names.</summary>
    private Group[]? Chain(Group[] left, int width, bool isTransposed)
    {
        if (++_steps > MaxSteps)
            throw new WeightsFormatException("expected matrices that make one chain from 784 to 10, too many ways are open");
        if (left.Length == 0)
            return width == MnistImage.Classes ? [] : null;
        foreach (var next in left.Where(group => Side(group, isTransposed) == width))
        {
            if (Chain([.. left.Where(group => group != next)], Side(next, !isTransposed), isTransposed) is { } rest)
                return [next, .. rest];
        }
        return null;
    }

    private static int Side(Group group, bool second) => group.Matrix!.Shape[second ? 1 : 0];

    /// <summary>For each dense layer the batch normalisations that follow it.</summary>
    private ILookup<Group, Group> PlaceNorms(Group[] chain, bool isTransposed)
    {
        var places = chain.Where(group => group.IsKerasNorm).Select(group => (Norm: group, Layer: group)).ToList();
        foreach (var (i, norm) in _groups.Index().Where(entry => entry.Item.Matrix is null))
        {
            var first = norm.Vectors.Values.First();
            if (!norm.Vectors.ContainsKey("running_mean"))
                throw new WeightsFormatException($"'{first.Name}' belongs to no matrix");
            var before = _groups.Take(i).LastOrDefault(group => group.Matrix is not null);
            var free = chain.Where(group => places.All(place => place.Layer != group) && Side(group, !isTransposed) == first.Values.Length);
            var layer = free.OrderBy(group => group.Numbers == norm.Numbers ? 0 : group == before ? 1 : 2).FirstOrDefault()
                ?? throw new WeightsFormatException($"'{norm.Stem}' normalises {first.Values.Length} numbers, as no layer has outputs");
            places.Add((norm, layer));
        }
        return places.ToLookup(place => place.Layer, place => place.Norm);
    }

    /// <summary>Numbers padded, so that 10 comes after 2.</summary>
    private static string Natural(string name) => Number().Replace(name, match => match.Value.TrimStart('0').PadLeft(10, '0'));

    private static bool IsBias(string kind) => kind is ['b' or 'i', ..];

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
