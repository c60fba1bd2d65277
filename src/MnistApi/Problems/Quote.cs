namespace MnistApi.Problems;

/// <summary>
/// Repeats what a client sent, in an error or a log: not at any length, and nothing that a terminal or a log reader would obey.
/// </summary>
internal static class Quote
{
    private const int Longest = 100;

    public static string Of(string? text)
    {
        text ??= "";
        var isLong = text.Length > Longest;
        if (!isLong && !text.Any(char.IsControl))
            return text;
        return string.Concat(text.Take(Longest).Select(c => char.IsControl(c) ? '\uFFFD' : c)) + (isLong ? "..." : "");
    }
}
