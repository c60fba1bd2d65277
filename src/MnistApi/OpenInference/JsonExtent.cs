using System.Buffers;
using System.Text.Json;

namespace MnistApi.OpenInference;

/// <summary>
/// Takes the arrays called "data" out of an inference request, by their brackets and strings alone: whoever reads them checks what is in
/// them. What is left is small, whatever the data.
/// </summary>
internal static class JsonExtent
{
    private static readonly SearchValues<byte> s_structure = SearchValues.Create("[]\"\\"u8);

    /// <summary>The request with [] in each array's place.</summary>
    public static ReadOnlyMemory<byte> WithoutData(ReadOnlySpan<byte> json, List<Range> data)
    {
        var name = "\"data\""u8;
        var rest = new ArrayBufferWriter<byte>();
        var (copied, at) = (0, 0);
        while (json[at..].IndexOf(name) is >= 0 and var found)
        {
            at += found + name.Length;
            if (!JsonSpace.TrySkip(json, ref at, ':') || !JsonSpace.TrySkip(json, ref at, '['))
                continue;
            rest.Write(json[copied..at]);
            rest.Write("]"u8);
            copied = EndOfArray(json, at);
            data.Add((at - 1)..copied);
            at = copied;
        }
        rest.Write(json[copied..]);
        return rest.WrittenMemory;
    }

    /// <summary>Where an array ends, given where it began: behind its bracket.</summary>
    private static int EndOfArray(ReadOnlySpan<byte> json, int at)
    {
        var isText = false;
        for (var depth = 1; depth > 0;)
        {
            var next = at < json.Length ? json[at..].IndexOfAny(s_structure) : -1;
            if (next < 0)
                throw new JsonException();
            at += next + 1;
            var character = json[at - 1];
            if (character == '\\')
                at++; // what is escaped
            else if (character == '"')
                isText = !isText;
            else if (!isText)
                depth += character == '[' ? 1 : -1;
        }
        return at;
    }
}
