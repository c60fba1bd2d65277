using System.Text.Json;

namespace MnistApi.Predict;

/// <summary>What a body with instances was.</summary>
/// <param name="IsInputs">Whether they are called "inputs" rather than "instances".</param>
/// <param name="IsFast">Whether each was numbers as clients write them, which are read fast.</param>
internal readonly record struct InstancesForm(bool IsInputs, bool IsFast);

/// <summary>
/// Reads <c>{"instances":[...],"scale":255}</c>, each instance fast where it has the form that clients write, else with
/// <see cref="StrictInstance"/>: every rule and every error is that reader's, and the fast one only has to be right about what it accepts.
/// Without a scale, numbers that all lie within 0..1 are normalised already; else they are bytes, 0..255. TensorFlow Serving's clients may
/// call the instances inputs, and put them into <c>{"inputs":{"pixels":[...]}}</c>. A bare array and a picture alone are read as well.
/// </summary>
internal ref struct InstancesReader(ReadOnlySpan<byte> body, int maxInstances, RequestImages images, bool isServing, bool isFast)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private readonly StrictInstance _strict = new(images, isServing);
    private readonly bool _mayBeFast = isFast;
    private bool _isFast = isFast;
    private string _array = "instances"; // as the body calls it
    private Utf8JsonReader _json = new(body, new JsonReaderOptions { MaxDepth = 8 });
    private int _start; // of what the reader was given

    /// <summary>Adds the body's images, and sets their scale; not fast only where the two readers are compared.</summary>
    public static InstancesForm Read(
        ReadOnlySpan<byte> body, int maxInstances, RequestImages images, bool isServing = false, bool isFast = true)
    {
        var reader = new InstancesReader(Evident.WithoutMark(body), maxInstances, images, isServing, isFast);
        try
        {
            reader.ReadDocument();
        }
        catch (Exception error) when (JsonFault.Is(error))
        {
            throw JsonFault.Refuse(body, error);
        }
        return new InstancesForm(reader._array.StartsWith("inputs", StringComparison.Ordinal), reader._isFast);
    }

    private void ReadDocument()
    {
        int? scale = null;
        if (Next() == JsonTokenType.StartArray)
        {
            _array = "array";
            ReadInstances();
        }
        else if (_json.TokenType == JsonTokenType.StartObject)
        {
            ReadMembers(ref scale);
        }
        else
        {
            throw Malformed($"expected an object such as {{\"instances\":[[784 numbers]]}}, got {Token()}");
        }
        _json.Read(); // throws where anything follows
        if (images.Pictures == images.Pixels.Count)
            scale ??= MnistImage.FullInk;
        if (images.Pixels.TrySetScale(scale, _strict.FirstAboveOne is not null || images.Pixels.FirstAboveOne() >= 0))
            return;
        if (_mayBeFast) // only the strict reader knows the place
        {
            images.Pixels.Clear();
            Read(_body, maxInstances, images, isServing, isFast: false);
        }
        throw PixelBatch.NoScale(scale, _strict.FirstAboveOne);
    }

    private void ReadMembers(ref int? scale)
    {
        var hasInstances = false;
        while (Next() == JsonTokenType.PropertyName)
        {
            if (!hasInstances && _json.ValueTextEquals("b64"u8)) // a picture alone
            {
                _strict.ReadPicture(ref _json, _array + "[0]");
                return;
            }
            var name = _json;
            if (Next() == JsonTokenType.Null && isServing)
                continue; // as some clients' serialisers write what is not there
            if (name.ValueTextEquals("instances"u8) || (isServing && name.ValueTextEquals("inputs"u8)))
            {
                if (hasInstances)
                {
                    throw Malformed(_array.StartsWith(name.GetString()!, StringComparison.Ordinal)
                        ? $"'{name.GetString()}' stands twice"
                        : "expected 'instances' or 'inputs', got both");
                }
                (hasInstances, _array) = (true, name.ValueTextEquals("inputs"u8) ? "inputs" : _array);
                if (_array == "inputs" && _json.TokenType == JsonTokenType.StartObject)
                    ReadColumn();
                else
                    ReadInstances();
            }
            else if (name.ValueTextEquals("scale"u8))
            {
                scale = scale is null ? ReadScale() : throw Malformed("'scale' stands twice");
            }
            else if (!isServing || !name.ValueTextEquals("signature_name"u8))
            {
                var members = isServing ? "'signature_name', 'instances' or 'inputs'," : "'instances'";
                throw Malformed($"expected the members {members} and 'scale', got {JsonToken.Name(in name)}{JsonToken.TypedArray(name)}");
            }
            else if (_json.TokenType != JsonTokenType.String || !(_json.ValueTextEquals("serving_default"u8) || _json.ValueSpan.IsEmpty))
            {
                throw Malformed($"signature_name is {Token()}, expected \"serving_default\"");
            }
        }
        if (!hasInstances)
            throw Malformed($"expected a member 'instances'{(isServing ? " or 'inputs'" : "")}, got none");
    }

    private readonly int ReadScale()
    {
        if (_json.TokenType == JsonTokenType.Number && _json.TryGetDouble(out var scale) && scale is 1 or MnistImage.FullInk)
            return (int)scale;
        throw Malformed(
            $"scale is {Token()}, expected 1 (numbers in 0..1) or {MnistImage.FullInk} (numbers in 0..{MnistImage.FullInk})");
    }

    /// <summary>An object with one tensor of all images.</summary>
    private void ReadColumn()
    {
        if (Next() != JsonTokenType.PropertyName || JsonToken.TypedArray(_json).Length > 0)
            throw Malformed($"expected inputs to have one member, 'pixels' or 'image', got {Token()}{JsonToken.TypedArray(_json)}");
        _array = $"inputs.{_json.GetString()}";
        Next();
        ReadInstances();
        if (Next() != JsonTokenType.EndObject)
            throw Malformed($"expected inputs to have one member, 'pixels' or 'image', got {Token()} as well");
    }

    /// <summary>An array's instances; afterwards the reader goes on at its closing bracket.</summary>
    private void ReadInstances()
    {
        if (_json.TokenType != JsonTokenType.StartArray)
            throw Malformed($"{_array} is {Token()}, expected an array{JsonToken.TypedArray(_json)}");
        var at = _start + (int)_json.BytesConsumed;
        JsonSpace.Skip(_body, ref at);
        var first = at < _body.Length ? _body[at] : 0;
        if (first == ']')
            throw Malformed($"{_array} is empty, expected at least one");
        if (_array == "array" && first is >= '0' and <= '9') // one picture without any brackets around
        {
            _strict.ReadPixels(ref _json, _array);
            return;
        }
        do
        {
            if (images.Pixels.Count == maxInstances)
                throw new RefusedException(Refusal.TooLarge, $"expected at most {maxInstances} instances, got more");
            _isFast = _isFast && FastInstance.TryRead(_body, ref at, images.Pixels);
            if (!_isFast)
                ReadStrictly(ref at);
        }
        while (JsonSpace.TrySkip(_body, ref at, ','));
        _json = new Utf8JsonReader(_body[at..], isFinalBlock: true, _json.CurrentState);
        _start = at;
        if (Next() != JsonTokenType.EndArray)
            throw new JsonException();
    }

    private readonly void ReadStrictly(ref int at)
    {
        var json = new Utf8JsonReader(_body[at..], new JsonReaderOptions { MaxDepth = 6 });
        json.Read();
        _strict.Read(ref json, $"{_array}[{images.Pixels.Count}]");
        at += (int)json.BytesConsumed;
    }

    private JsonTokenType Next()
    {
        _json.Read(); // at the end of an incomplete document it throws
        return _json.TokenType;
    }

    private readonly string Token() => JsonToken.Name(in _json);
}
