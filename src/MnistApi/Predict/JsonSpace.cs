namespace MnistApi.Predict;

/// <summary>What JSON allows between its tokens.</summary>
internal static class JsonSpace
{
    public static bool Is(byte character) => character is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    public static void Skip(ReadOnlySpan<byte> json, ref int at)
    {
        while (at < json.Length && Is(json[at]))
            at++;
    }
}
