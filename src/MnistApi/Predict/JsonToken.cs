using System.Text.Json;

namespace MnistApi.Predict;

/// <summary>Names a token of JSON as an error does.</summary>
internal static class JsonToken
{
    private const int MaxQuote = 40; // bytes of a wrong value that are repeated

    public static string Name(in Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.None => "nothing",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => $"the string \"{Text(json.ValueSpan)}\"",
        JsonTokenType.PropertyName => $"'{Text(json.ValueSpan)}'",
        _ => Text(json.ValueSpan),
    };

    /// <summary>What to say beside of an object whose first key is 0; nothing of others.</summary>
    /// <param name="json">Stands on the object, or on its first key.</param>
    public static string TypedArray(Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.StartObject)
            json.Read();
        return json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("0"u8)
            ? "; with the keys 0, 1, 2 it is a typed array through JSON.stringify: send Array.from(pixels)"
            : "";
    }

    private static string Text(ReadOnlySpan<byte> raw)
    {
        var text = Quote.Of(Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, MaxQuote)]));
        return raw.Length > MaxQuote ? text + "..." : text;
    }
}
