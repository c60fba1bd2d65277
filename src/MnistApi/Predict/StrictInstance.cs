using System.Text.Json;

namespace MnistApi.Predict;

/// <summary>
/// Reads one instance strictly: numbers, or a picture as <c>{"b64":"a file in base64"}</c>. From TensorFlow Serving's clients, either may
/// stand under the name of its tensor. As there is one input, that may have any name: Keras calls it after the first layer.
/// </summary>
internal sealed class StrictInstance(RequestImages images, bool isServing)
{
    /// <summary>The first number above 1, as in "instances[0][5] is 7"; null where there is none.</summary>
    public string? FirstAboveOne { get; private set; }

    /// <param name="json">Stands on the instance's first token; afterwards on its last.</param>
    /// <param name="place">Where it is, as in instances[3].</param>
    public void Read(ref Utf8JsonReader json, string place)
    {
        if (json.TokenType == JsonTokenType.StartArray)
        {
            ReadPixels(ref json, place);
        }
        else if (json.TokenType == JsonTokenType.StartObject)
        {
            json.Read();
            if (!TryReadNamed(ref json, place))
                ReadPicture(ref json, place);
        }
        else
        {
            throw Malformed($"{place} is {JsonToken.Name(in json)}, expected {MnistImage.Pixels} numbers, "
                + $"{MnistImage.Height} rows of {MnistImage.Width}, or {{\"b64\":\"...\"}}"
                + (json.TokenType == JsonTokenType.Number ? "; a single picture needs brackets of its own: [[...]]" : ""));
        }
    }

    public void ReadPixels(ref Utf8JsonReader json, string place)
    {
        var pixels = new StrictPixels(place, images.Pixels.AddFloats());
        pixels.Read(ref json);
        FirstAboveOne ??= pixels.FirstAboveOne;
    }

    /// <summary>Reads a picture's members, standing on the first.</summary>
    public void ReadPicture(ref Utf8JsonReader json, string place)
    {
        byte[]? file = null;
        for (; json.TokenType == JsonTokenType.PropertyName; json.Read())
        {
            if (json.ValueTextEquals("target"u8)) // KServe's own example has the label beside the picture
            {
                json.Skip();
                continue;
            }
            var name = json.ValueTextEquals("data"u8) ? "data" : json.ValueTextEquals("b64"u8) ? "b64" : null;
            if (name is null || file is not null)
            {
                throw Malformed($"expected {place} to have one member 'b64', got {JsonToken.Name(in json)}"
                    + (file is null ? JsonToken.TypedArray(json) : " as well"));
            }
            json.Read();
            file = Base64Text.Read(ref json, $"{place}.{name}");
        }
        if (file is null)
            throw Malformed($"expected {place} to have a member 'b64', got none");
        images.AddPicture(file, $"{place}.b64");
    }

    /// <summary>Reads <c>{"pixels":[...]}</c> or <c>{"image":{"b64":...}}</c>, whatever that is called.</summary>
    private bool TryReadNamed(ref Utf8JsonReader json, string place)
    {
        if (!isServing || json.TokenType != JsonTokenType.PropertyName)
            return false;
        var value = json;
        value.Read();
        var isPixels = json.ValueTextEquals("pixels"u8) || value.TokenType == JsonTokenType.StartArray;
        if (!isPixels && !json.ValueTextEquals("image"u8) && value.TokenType != JsonTokenType.StartObject)
            return false;
        var member = $"{place}.{json.GetString()}";
        json = value;
        if (json.TokenType != (isPixels ? JsonTokenType.StartArray : JsonTokenType.StartObject))
            throw Malformed($"{member} is {JsonToken.Name(in json)}, expected {(isPixels ? "an array" : "{\"b64\":\"...\"}")}");
        if (isPixels)
        {
            ReadPixels(ref json, member);
        }
        else
        {
            json.Read();
            ReadPicture(ref json, member);
        }
        json.Read();
        if (json.TokenType != JsonTokenType.EndObject)
            throw Malformed($"expected {place} to have one member, got {JsonToken.Name(in json)} as well");
        return true;
    }
}
