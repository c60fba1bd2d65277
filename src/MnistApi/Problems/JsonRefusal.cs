using System.Text.Json;

namespace MnistApi.Problems;

/// <summary>Says of a body that is not JSON what it is, in words of its own rather than the parser's.</summary>
internal static class JsonRefusal
{
    private static readonly string[] s_noNumbers = ["NaN", "-NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"];

    /// <summary>Refuses the body; <paramref name="hasPosition"/> says whether the parser's positions are those of the body.</summary>
    public static RefusedException Of(ReadOnlySpan<byte> body, Exception error, bool hasPosition = true)
    {
        var name = body.IsEmpty || !Evident.BeginsAsJson(body) ? Evident.NameOf(body) : null;
        var what = name is null ? Constant(body) ?? Message(error, hasPosition) : $"it is {name}";
        return Malformed($"the body is not valid JSON: {what}", error);
    }

    /// <summary>A number that JSON does not have, as Python and JavaScript write it.</summary>
    private static string? Constant(ReadOnlySpan<byte> body)
    {
        foreach (var word in s_noNumbers)
        {
            var at = body.IndexOf(System.Text.Encoding.UTF8.GetBytes(word));
            if (at > 0 && body[..at].TrimEnd(" \t\r\n"u8) is [.., (byte)'[' or (byte)',' or (byte)':'])
                return $"byte {at} begins {word}, which is no number in JSON; a pixel is a number in 0..255";
        }
        return null;
    }

    private static string Message(Exception error, bool hasPosition)
    {
        var message = error.Message.Replace(" Change the reader options.", "", StringComparison.Ordinal);
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        message = (end < 0 ? message : message[..end]).Replace(", when isFinalBlock is true", "", StringComparison.Ordinal);
        return hasPosition && error is JsonException { LineNumber: { } line, BytePositionInLine: { } column }
            ? $"{message.TrimEnd('.')}, in line {line + 1} at byte {column + 1}"
            : message;
    }
}
