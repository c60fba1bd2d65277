using System.Text;
using System.Text.Json;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>
/// Files in base64 as people have them: a data URL, without padding or with too much, in the alphabet of URLs, or with blanks where a form
/// was decoded and had '+'.
/// </summary>
internal static class Base64Text
{
    private const string DataUrl = "data:";

    /// <summary>The bytes of a string of JSON.</summary>
    /// <param name="json">Stands on it.</param>
    /// <param name="place">Where it is in the request, as the error names it.</param>
    /// <exception cref="RefusedException">It is no string, or not base64.</exception>
    public static byte[] Read(ref Utf8JsonReader json, string place)
    {
        if (json.TokenType != JsonTokenType.String)
            throw new RefusedException(Refusal.Malformed, $"{place}, expected a PNG in base64");
        if (!json.ValueSpan.Contains((byte)' ') && json.TryGetBytesFromBase64(out var file))
            return file;
        return Read(json.GetString()!, out var why) ?? throw new RefusedException(Refusal.Malformed,
            $"{place} is a string of {json.ValueSpan.Length} bytes that is not base64, expected a PNG in base64: {why}");
    }

    /// <summary>The bytes of a file that came as a data URL; null where it is none.</summary>
    public static byte[]? OfDataUrl(ReadOnlySpan<byte> file) =>
        file.StartsWith("data:"u8) ? Read(Encoding.Latin1.GetString(file), out _) : null;

    private static byte[]? Read(string text, out string why)
    {
        var data = text.AsSpan().Trim();
        if (data.StartsWith(DataUrl, StringComparison.OrdinalIgnoreCase))
        {
            var comma = data.IndexOf(',');
            if (comma < 0 || !data[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
            {
                why = "it is a data URL without ';base64,'";
                return null;
            }
            data = data[(comma + 1)..];
        }
        var skipped = text.AsSpan().IndexOf(data);
        data = data.TrimEnd('=');
        var plain = new char[data.Length + 2];
        var length = 0;
        for (var i = 0; i < data.Length; i++)
        {
            var c = data[i] switch { '-' or ' ' => '+', '_' => '/', var other => other };
            if (c is '\r' or '\n' or '\t')
                continue;
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/'))
            {
                why = $"character {skipped + i + 1} is '{Quote.Of($"{c}")}'{(c == '%' ? "; it is still encoded for an address" : "")}";
                return null;
            }
            plain[length++] = c;
        }
        why = $"it ends after {length} characters, within a byte";
        if (length % 4 == 1)
            return null;
        while (length % 4 != 0)
            plain[length++] = '=';
        return Convert.FromBase64CharArray(plain, 0, length);
    }
}
