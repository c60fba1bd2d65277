using System.Text.Json;

namespace MnistApi.Predict;

/// <summary>
/// Reads one image's numbers from JSON, strictly: 784 of them, or 28 rows of 28. Dimensions of one before, between and behind, as in
/// [1][28][28][1], mean nothing. The first thing that is wrong is named by its place.
/// </summary>
internal ref struct StrictPixels(string place, Span<float> pixels)
{
    public const int MaxDepth = 4;

    private readonly Span<float> _pixels = pixels;
    private readonly int[] _indices = new int[MaxDepth];
    private int _count;
    private int _row; // numbers in each innermost array, as the first of them has

    /// <summary>The first number above 1, as in "instances[0][5] is 7"; null where there is none.</summary>
    public string? FirstAboveOne { get; private set; }

    /// <summary>Whether an image may have innermost arrays of so many numbers.</summary>
    public static bool IsRow(int numbers) => numbers is MnistImage.Pixels or MnistImage.Width or 1;

    /// <param name="json">Stands on the opening bracket; afterwards on the closing one.</param>
    public void Read(ref Utf8JsonReader json)
    {
        ReadArray(ref json, 0);
        if (_count != MnistImage.Pixels)
        {
            throw Malformed(_row == MnistImage.Width
                ? $"{place} has {_count / MnistImage.Width} rows, expected {MnistImage.Height}"
                : $"{place} has {_count} numbers, expected {MnistImage.Pixels}");
        }
    }

    private void ReadArray(ref Utf8JsonReader json, int depth)
    {
        json.Read();
        var isInnermost = json.TokenType != JsonTokenType.StartArray || depth == MaxDepth - 1;
        ref var index = ref _indices[depth];
        for (index = 0; json.TokenType != JsonTokenType.EndArray; index++, json.Read())
        {
            if (isInnermost)
                Add(in json, depth);
            else if (json.TokenType == JsonTokenType.StartArray)
                ReadArray(ref json, depth + 1);
            else
                throw Malformed($"{Place(depth)} is {JsonToken.Name(in json)}, expected a row of {_row} numbers");
        }
        if (isInnermost)
            CheckRow(depth, index);
    }

    private void Add(in Utf8JsonReader json, int depth)
    {
        if (json.TokenType != JsonTokenType.Number)
            throw Malformed($"{Place(depth)} is {JsonToken.Name(in json)}, expected a number");
        if (!json.TryGetDouble(out var value) || value is not (>= 0 and <= MnistImage.FullInk))
            throw Malformed($"{Place(depth)} is {JsonToken.Name(in json)}, expected 0..{MnistImage.FullInk}");
        if (value > 1)
            FirstAboveOne ??= $"{Place(depth)} is {JsonToken.Name(in json)}";
        if (_count < _pixels.Length)
            _pixels[_count] = (float)value;
        _count++;
    }

    private void CheckRow(int depth, int count)
    {
        var expected = depth == 0 ? MnistImage.Pixels : _row > 0 ? _row : IsRow(count) ? count : MnistImage.Width;
        if (count != expected)
        {
            var isRow = depth == 0 && count == MnistImage.Width;
            throw Malformed($"{Place(depth - 1)} has {count} numbers, expected {expected}"
                + (isRow ? "; the rows of a single picture need brackets of their own: [[[...],[...]]]" : ""));
        }
        _row = count;
    }

    private readonly string Place(int depth) => $"{place}{string.Concat(_indices.Take(depth + 1).Select(index => $"[{index}]"))}";
}
