using System.Text.Json;

namespace MnistApi.Predict;

/// <content>The forms that only TensorFlow Serving's clients write.</content>
internal ref partial struct StrictInstancesReader
{
    /// <summary>Passes over a member that is null, as some clients' serialisers write what is not there.</summary>
    private bool SkipNull()
    {
        var ahead = _json;
        ahead.Read();
        if (ahead.TokenType != JsonTokenType.Null)
            return false;
        _json = ahead;
        return true;
    }

    /// <summary>An object with one tensor of all images.</summary>
    private void ReadColumn()
    {
        if (Next() != JsonTokenType.PropertyName || TypedArray().Length > 0)
            throw Malformed($"expected inputs to have one member, 'pixels' or 'image', got {Token()}{TypedArray()}");
        _array = $"inputs.{_json.GetString()}";
        Next();
        ReadInstances();
        if (Next() != JsonTokenType.EndObject)
            throw Malformed($"expected inputs to have one member, 'pixels' or 'image', got {Token()} as well");
    }

    /// <summary>
    /// A picture; or, from TensorFlow Serving's clients, pixels or a picture under the name of its tensor. As there is one input, it may
    /// have any name: Keras calls it after the first layer.
    /// </summary>
    private void ReadObject()
    {
        Next();
        var isName = IsServing && _json.TokenType == JsonTokenType.PropertyName;
        var value = _json;
        value.Read();
        var isPixels = isName && (_json.ValueTextEquals("pixels"u8) || value.TokenType == JsonTokenType.StartArray);
        if (!isPixels && !(isName && (_json.ValueTextEquals("image"u8) || value.TokenType == JsonTokenType.StartObject)))
        {
            ReadPicture();
            return;
        }
        var place = $"{_array}[{_batch.Count}]";
        var name = _json.GetString();
        if (isPixels)
        {
            if (Next() != JsonTokenType.StartArray)
                throw Malformed($"{place}.{name} is {Token()}, expected an array");
            ReadPixels();
        }
        else
        {
            if (Next() != JsonTokenType.StartObject)
                throw Malformed($"{place}.{name} is {Token()}, expected {{\"b64\":\"...\"}}");
            Next();
            ReadPicture();
        }
        if (Next() != JsonTokenType.EndObject)
            throw Malformed($"expected {place} to have one member, got {Token()} as well");
    }
}
