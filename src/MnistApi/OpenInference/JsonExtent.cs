using MnistApi.Problems;

namespace MnistApi.OpenInference;

/// <summary>Finds where a JSON array ends by its brackets and strings alone; whoever reads it checks what is in it.</summary>
internal static class JsonExtent
{
    /// <param name="json">The text.</param>
    /// <param name="start">Where the array's opening bracket is.</param>
    /// <returns>Where what follows it begins.</returns>
    /// <exception cref="RefusedException">It does not end.</exception>
    public static int EndOfArray(ReadOnlySpan<byte> json, int start)
    {
        var depth = 0;
        var at = start;
        do
        {
            var next = json[at..].IndexOfAny((byte)'[', (byte)']', (byte)'"');
            if (next < 0)
                throw new RefusedException(Refusal.Malformed, "the body is not valid JSON: inputs[0].data is not closed");
            at += next + 1;
            if (json[at - 1] == '"')
                at = EndOfString(json, at);
            else
                depth += json[at - 1] == '[' ? 1 : -1;
        }
        while (depth > 0);
        return at;
    }

    private static int EndOfString(ReadOnlySpan<byte> json, int at)
    {
        while (true)
        {
            var next = json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
                throw new RefusedException(Refusal.Malformed, "the body is not valid JSON: a string in inputs[0].data is not closed");
            at += next + 1;
            if (json[at - 1] == '"')
                return at;
            at = Math.Min(at + 1, json.Length); // what is escaped
        }
    }
}
