using System.Text;
using System.Text.Json;
using MnistApi.Inference;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>
/// Reads <c>{"instances":[...],"scale":255}</c>. An instance is 784 numbers, 28 rows of 28, or <c>{"b64":"PNG in base64"}</c>. Without a
/// scale, numbers that all lie within 0..1 are normalised already; else they are bytes, 0..255. TensorFlow Serving's clients may call the
/// instances inputs, put them into <c>{"inputs":{"pixels":[...]}}</c>, and write an instance as <c>{"pixels":[...]}</c> or
/// <c>{"image":{"b64":...}}</c>, whatever that is called. Read as well: a bare array, a picture alone, dimensions of one.
/// Strict: every value is checked, and the first that is wrong is named by its place.
/// </summary>
internal ref partial struct StrictInstancesReader
{
    private const int MaxQuote = 40; // characters of a wrong value that are repeated in an error

    private readonly int _maxInstances;
    private readonly RequestImages _images;
    private readonly PixelBatch _batch;
    private readonly InstancesDialect _dialect;
    private string _array = "instances"; // as the body calls it
    private Utf8JsonReader _json;
    private string? _firstAboveOne; // "instances[0][5] is 7", where normalised numbers would have to stop

    private StrictInstancesReader(ReadOnlySpan<byte> body, int maxInstances, RequestImages images, InstancesDialect dialect)
    {
        _json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 8 });
        _maxInstances = maxInstances;
        _images = images;
        _batch = images.Pixels;
        _dialect = dialect;
    }

    private readonly bool IsServing => _dialect == InstancesDialect.Serving;

    /// <summary>Adds the body's images, at most <paramref name="maxInstances"/>, and sets their scale.</summary>
    /// <returns>Whether they are called "inputs" rather than "instances".</returns>
    /// <exception cref="RefusedException">The body breaks a rule; the message says which and where.</exception>
    public static bool Read(
        ReadOnlySpan<byte> body, int maxInstances, RequestImages images, InstancesDialect dialect = InstancesDialect.Predict)
    {
        var reader = new StrictInstancesReader(Evident.WithoutMark(body), maxInstances, images, dialect);
        try
        {
            reader.ReadDocument();
            return reader._array.StartsWith("inputs", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the latter for text that is not UTF-8
        {
            throw JsonRefusal.Of(body, error);
        }
    }

    private void ReadDocument()
    {
        if (_json.Read() && _json.TokenType == JsonTokenType.StartArray)
        {
            _array = "array";
            ReadInstances();
            _json.Read();
            ApplyScale(null);
            return;
        }
        if (_json.TokenType != JsonTokenType.StartObject)
            throw Malformed($"expected an object such as {{\"instances\":[[784 numbers]]}}, got {Token()}");
        int? scale = null;
        var hasInstances = false;
        while (Next() == JsonTokenType.PropertyName)
        {
            if (IsServing && SkipNull())
                continue;
            if (_json.ValueTextEquals("instances"u8) || (IsServing && _json.ValueTextEquals("inputs"u8)))
            {
                var name = _json.GetString()!;
                if (hasInstances)
                {
                    throw Malformed(_array.StartsWith(name, StringComparison.Ordinal)
                        ? $"'{name}' stands twice"
                        : "expected 'instances' or 'inputs', got both");
                }
                hasInstances = true;
                _array = name;
                Next();
                if (_array == "inputs" && _json.TokenType == JsonTokenType.StartObject)
                    ReadColumn();
                else
                    ReadInstances();
            }
            else if (!hasInstances && _json.ValueTextEquals("b64"u8)) // a picture alone
            {
                ReadPicture();
                hasInstances = true;
                break;
            }
            else if (IsServing && _json.ValueTextEquals("signature_name"u8))
            {
                if (Next() != JsonTokenType.String || !(_json.ValueTextEquals("serving_default"u8) || _json.ValueSpan.IsEmpty))
                    throw Malformed($"signature_name is {Token()}, expected \"serving_default\"");
            }
            else if (_json.ValueTextEquals("scale"u8))
            {
                if (scale is not null)
                    throw Malformed("'scale' stands twice");
                scale = ReadScale();
            }
            else
            {
                var members = IsServing ? "'signature_name', 'instances' or 'inputs'," : "'instances'";
                throw Malformed($"expected the members {members} and 'scale', got {Token()}{TypedArray()}");
            }
        }
        if (_json.Read()) // trailing data after the object is not JSON
            throw Malformed($"expected the body to end after its object, got {Token()}");
        if (!hasInstances)
            throw Malformed($"expected a member 'instances'{(IsServing ? " or 'inputs'" : "")}, got none");
        ApplyScale(scale);
    }

    private int ReadScale()
    {
        if (Next() == JsonTokenType.Number && _json.TryGetDouble(out var scale) && scale is 1 or MnistImage.FullInk)
            return (int)scale;
        throw Malformed(
            $"scale is {Token()}, expected 1 (numbers in 0..1) or {MnistImage.FullInk} (numbers in 0..{MnistImage.FullInk})");
    }

    private void ReadInstances()
    {
        if (_json.TokenType != JsonTokenType.StartArray)
            throw Malformed($"{_array} is {Token()}, expected an array{TypedArray()}");
        if (_array == "array" && IsNumberNext()) // the pixels of one picture, without any brackets around
        {
            ReadPixels();
            return;
        }
        while (Next() != JsonTokenType.EndArray)
        {
            if (_batch.Count == _maxInstances)
                throw new RefusedException(Refusal.TooLarge, $"expected at most {_maxInstances} instances, got more");
            switch (_json.TokenType)
            {
                case JsonTokenType.StartArray: ReadPixels(); break;
                case JsonTokenType.StartObject: ReadObject(); break;
                default: throw NoInstance();
            }
        }
        if (_batch.Count == 0)
            throw Malformed($"{_array} is empty, expected at least one");
    }

    private readonly RefusedException NoInstance() => Malformed(
        $"{_array}[{_batch.Count}] is {Token()}, expected {MnistImage.Pixels} numbers, {MnistImage.Height} rows of {MnistImage.Width}, "
        + "or {\"b64\":\"...\"}"
        + (_json.TokenType == JsonTokenType.Number ? "; a single picture needs brackets of its own: [[...]]" : ""));

    private void ReadPixels()
    {
        var image = _batch.Count;
        var pixels = _batch.AddFloats();
        Next();
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            var count = ReadNumbers(image, -1, pixels);
            if (count != MnistImage.Pixels)
            {
                throw Malformed($"{_array}[{image}] has {count} numbers, expected {MnistImage.Pixels}"
                    + (count == MnistImage.Width ? "; the rows of a single picture need brackets of their own: [[[...],[...]]]" : ""));
            }
            return;
        }
        if (TryReadWithOnes(image, pixels))
            return;
        var row = 0;
        for (; _json.TokenType == JsonTokenType.StartArray; row++, Next())
        {
            if (row == MnistImage.Height)
                throw Malformed($"{_array}[{image}] has more than {MnistImage.Height} rows");
            Next();
            var count = ReadNumbers(image, row, pixels.Slice(row * MnistImage.Width, MnistImage.Width));
            if (count != MnistImage.Width)
                throw Malformed($"{_array}[{image}][{row}] has {count} numbers, expected {MnistImage.Width}");
        }
        if (_json.TokenType != JsonTokenType.EndArray)
            throw Malformed($"{_array}[{image}][{row}] is {Token()}, expected a row of {MnistImage.Width} numbers");
        if (row != MnistImage.Height)
            throw Malformed($"{_array}[{image}] has {row} rows, expected {MnistImage.Height}");
    }

    /// <summary>
    /// Reads pixels in more brackets than rows need, as in [28][28][1], [784][1] or [1][28][28]: dimensions of one mean nothing.
    /// </summary>
    /// <returns>False for all else; the reader then stands where it stood.</returns>
    private bool TryReadWithOnes(int image, Span<float> pixels)
    {
        const int MaxNesting = 4;
        var start = _json;
        var depth = 1;
        for (; _json.TokenType == JsonTokenType.StartArray && depth <= MaxNesting; Next())
            depth++;
        var length = 0; // of the innermost arrays
        for (var ahead = _json; ahead.TokenType == JsonTokenType.Number; ahead.Read())
            length++;
        if (length is 1 or MnistImage.Pixels || (length == MnistImage.Width && depth > 2))
        {
            var (filled, run) = (0, 0);
            while (filled < pixels.Length || _json.TokenType == JsonTokenType.EndArray)
            {
                if (_json.TokenType == JsonTokenType.Number)
                {
                    pixels[filled] = ReadNumber(image, -1, filled);
                    (filled, run) = (filled + 1, run + 1);
                }
                else if (_json.TokenType == JsonTokenType.StartArray)
                {
                    depth++;
                }
                else if (_json.TokenType != JsonTokenType.EndArray || (run > 0 && run != length))
                {
                    break;
                }
                else if (--depth == 0)
                {
                    if (filled == pixels.Length)
                        return true;
                    break;
                }
                else
                {
                    run = 0;
                }
                Next();
            }
        }
        _json = start;
        return false;
    }

    /// <summary>Reads numbers up to the array's end, the reader standing on the first; returns how many there are.</summary>
    private int ReadNumbers(int image, int row, Span<float> pixels)
    {
        var count = 0;
        for (; _json.TokenType != JsonTokenType.EndArray; count++, Next())
        {
            if (count >= pixels.Length)
                throw Malformed($"{(row < 0 ? $"{_array}[{image}]" : $"{_array}[{image}][{row}]")} has more than {pixels.Length} numbers");
            pixels[count] = ReadNumber(image, row, count);
        }
        return count;
    }

    private float ReadNumber(int image, int row, int column)
    {
        if (_json.TokenType != JsonTokenType.Number)
            throw Malformed($"{Place(image, row, column)} is {Token()}, expected a number");
        if (!_json.TryGetDouble(out var value) || !(value is >= 0 and <= MnistImage.FullInk))
            throw Malformed($"{Place(image, row, column)} is {Token()}, expected 0..{MnistImage.FullInk}");
        if (value > 1)
            _firstAboveOne ??= $"{Place(image, row, column)} is {Token()}";
        return (float)value;
    }

    /// <summary>An object's members after its bracket, the reader standing on the first.</summary>
    private void ReadPicture()
    {
        var place = $"{_array}[{_batch.Count}]";
        byte[]? file = null;
        for (; _json.TokenType == JsonTokenType.PropertyName; Next())
        {
            if (_json.ValueTextEquals("target"u8)) // KServe's own example has the label beside the picture
            {
                _json.Skip();
                continue;
            }
            var name = _json.ValueTextEquals("data"u8) ? "data" : "b64";
            if (!(name == "data" || _json.ValueTextEquals("b64"u8)) || file is not null)
                throw Malformed($"expected {place} to have one member 'b64', got {Token()}{(file is null ? TypedArray() : " as well")}");
            Next();
            file = Base64Text.Read(ref _json, _json.TokenType == JsonTokenType.String ? $"{place}.{name}" : $"{place}.{name} is {Token()}");
        }
        if (file is null)
            throw Malformed($"expected {place} to have a member 'b64', got none");
        _images.AddPicture(file, $"{place}.b64");
    }

    private readonly void ApplyScale(int? scale)
    {
        var isAllPictures = _images.Pictures == _batch.Count;
        if (scale == 1 && _firstAboveOne is not null)
            throw Malformed($"{_firstAboveOne}, expected 0..1 as scale is 1");
        if (scale is null && _firstAboveOne is not null && _batch.IsScaleUncertain())
            throw Malformed($"{_firstAboveOne}{PixelBatch.ScaleUncertain("scale")}");
        _batch.Scale = scale ?? (_firstAboveOne is null && !isAllPictures ? 1 : MnistImage.FullInk);
    }

    private JsonTokenType Next()
    {
        _json.Read(); // at the end of an incomplete document it throws
        return _json.TokenType;
    }

    private readonly bool IsNumberNext()
    {
        var ahead = _json;
        return ahead.Read() && ahead.TokenType == JsonTokenType.Number;
    }

    /// <summary>What to say of an object whose first key is 0.</summary>
    private readonly string TypedArray()
    {
        var ahead = _json;
        if (ahead.TokenType == JsonTokenType.StartObject)
            ahead.Read();
        return ahead.TokenType == JsonTokenType.PropertyName && ahead.ValueTextEquals("0"u8)
            ? "; with the keys 0, 1, 2 it is a typed array through JSON.stringify: send Array.from(pixels)"
            : "";
    }

    private readonly string Place(int image, int row, int column) =>
        row < 0 ? $"{_array}[{image}][{column}]" : $"{_array}[{image}][{row}][{column}]";

    /// <summary>The current token as an error names it.</summary>
    private readonly string Token() => _json.TokenType switch
    {
        JsonTokenType.None => "nothing",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => $"the string \"{Raw()}\"",
        JsonTokenType.PropertyName => $"'{Raw()}'",
        _ => Raw(),
    };

    private readonly string Raw()
    {
        var raw = _json.ValueSpan;
        var text = Quote.Of(Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, MaxQuote)]));
        return raw.Length > MaxQuote ? text + "..." : text;
    }

    private static RefusedException Malformed(string detail) => new(Refusal.Malformed, detail);
}
