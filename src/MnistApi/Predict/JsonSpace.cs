namespace MnistApi.Predict;

/// <summary>What JSON allows between its tokens.</summary>
internal static class JsonSpace
{
    public static void Skip(ReadOnlySpan<byte> json, ref int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
    }

    /// <summary>Goes over white space, and over a character where it comes next.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> json, ref int at, char expected)
    {
        Skip(json, ref at);
        if (at >= json.Length || json[at] != expected)
            return false;
        at++;
        return true;
    }
}
