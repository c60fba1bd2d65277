using System.Buffers;
using System.Text.Json;

namespace MnistApi.Predict;

/// <summary>
/// Files in base64 as people have them: a data URL, without padding or with too much, in the alphabet of URLs, or with blanks where a form
/// was decoded and had '+'.
/// </summary>
internal static class Base64Text
{
    private const string Expected = "expected a PNG or JPEG in base64";

    private static readonly SearchValues<char> s_alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_ \r\n\t");

    /// <summary>The bytes of a string of JSON.</summary>
    public static byte[] Read(ref Utf8JsonReader json, string place)
    {
        if (json.TokenType != JsonTokenType.String)
            throw Malformed($"{place} is {JsonToken.Name(in json)}, {Expected}");
        if (!json.ValueSpan.Contains((byte)' ') && json.TryGetBytesFromBase64(out var file))
            return file;
        return Read(json.GetString()!, out var why) ?? throw Malformed(
            $"{place} is a string of {json.ValueSpan.Length} bytes that is not base64, {Expected}: {why}");
    }

    /// <summary>The bytes of a file that came as a data URL; null where it is none.</summary>
    public static byte[]? OfDataUrl(ReadOnlySpan<byte> file) =>
        file.StartsWith("data:"u8) ? Read(Encoding.Latin1.GetString(file), out _) : null;

    private static byte[]? Read(string text, out string why)
    {
        var start = 0;
        if (text.AsSpan().TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            const string Mark = ";base64,";
            start = text.IndexOf(Mark, StringComparison.OrdinalIgnoreCase) + Mark.Length;
            why = "it is a data URL without ';base64,'";
            if (start < Mark.Length)
                return null;
        }
        var data = text.AsSpan(start).Trim().TrimEnd('=');
        var other = data.IndexOfAnyExcept(s_alphabet);
        if (other >= 0)
        {
            why = $"character {text.AsSpan().IndexOf(data) + other + 1} is '{Quote.Of($"{data[other]}")}'"
                + (data[other] == '%' ? "; it is still encoded for an address" : "");
            return null;
        }
        var plain = new StringBuilder().Append(data).Replace('-', '+').Replace('_', '/').Replace(' ', '+')
            .Replace("\r", "").Replace("\n", "").Replace("\t", "");
        why = $"it ends after {plain.Length} characters, within a byte";
        return plain.Length % 4 == 1 ? null : Convert.FromBase64String($"{plain}{new string('=', -plain.Length & 3)}");
    }
}
