using System.Text;
using System.Text.Json;
using MnistApi.Inference;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>
/// Reads <c>{"instances":[...],"scale":255}</c>. An instance is 784 numbers, 28 rows of 28, or <c>{"b64":"PNG in base64"}</c>. Without a
/// scale, numbers that all lie within 0..1 are normalised already; else they are bytes, 0..255. TensorFlow Serving's clients may call the
/// instances inputs, put them into <c>{"inputs":{"pixels":[...]}}</c>, and write an instance as <c>{"pixels":[...]}</c> or
/// <c>{"image":{"b64":...}}</c>. Strict: every value is checked, and the first that is wrong is named by its place.
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
            return reader._array != "instances";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the latter for text that is not UTF-8
        {
            throw JsonRefusal.Of(body, error);
        }
    }

    private void ReadDocument()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject)
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
            else if (IsServing && _json.ValueTextEquals("signature_name"u8))
            {
                if (Next() != JsonTokenType.String || !_json.ValueTextEquals("serving_default"u8))
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
                throw Malformed($"expected the members {members} and 'scale', got {Token()}");
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
            throw Malformed($"{_array} is {Token()}, expected an array");
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
                throw Malformed($"{_array}[{image}] has {count} numbers, expected {MnistImage.Pixels}");
            return;
        }
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

    /// <summary>Reads numbers up to the array's end, the reader standing on the first; returns how many there are.</summary>
    private int ReadNumbers(int image, int row, Span<float> pixels)
    {
        var count = 0;
        for (; _json.TokenType != JsonTokenType.EndArray; count++, Next())
        {
            if (_json.TokenType != JsonTokenType.Number)
                throw Malformed($"{Place(image, row, count)} is {Token()}, expected a number");
            if (count >= pixels.Length)
                throw Malformed($"{(row < 0 ? $"{_array}[{image}]" : $"{_array}[{image}][{row}]")} has more than {pixels.Length} numbers");
            if (!_json.TryGetDouble(out var value) || !(value is >= 0 and <= MnistImage.FullInk))
                throw Malformed($"{Place(image, row, count)} is {Token()}, expected 0..{MnistImage.FullInk}");
            if (value > 1)
                _firstAboveOne ??= $"{Place(image, row, count)} is {Token()}";
            pixels[count] = (float)value;
        }
        return count;
    }

    /// <summary>An object's members after its bracket, the reader standing on the first.</summary>
    private void ReadPicture()
    {
        var place = $"{_array}[{_batch.Count}]";
        byte[]? file = null;
        for (; _json.TokenType == JsonTokenType.PropertyName; Next())
        {
            if (!_json.ValueTextEquals("b64"u8) || file is not null)
                throw Malformed($"expected {place} to have one member 'b64', got {Token()}{(file is null ? "" : " as well")}");
            Next();
            file = Base64Text.Read(ref _json, _json.TokenType == JsonTokenType.String ? $"{place}.b64" : $"{place}.b64 is {Token()}");
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
