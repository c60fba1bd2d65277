using System.Buffers;
using System.Text;
using MnistApi.Inference;

namespace MnistApi.Predict;

/// <summary>
/// Writes <c>{"model":...,"scale":...,"predictions":[...]}</c> into one array.
/// </summary>
internal sealed class PredictionsWriter(string model)
{
    private const int LongestFrame = 40;
    private const int LongestPrediction = 80 + (MnistImage.Classes + 1) * (JsonFloats.Longest + 1);

    private readonly byte[] _start = Encoding.UTF8.GetBytes($"{{\"model\":\"{model}\"");

    /// <param name="probabilities">Ten an image.</param>
    /// <param name="scale">Null where the request was not JSON.</param>
    /// <param name="members">What else was asked for, members for each image; null where nobody asked.</param>
    /// <returns>The answer, in an array of <see cref="ArrayPool{T}.Shared"/> that the caller gives back.</returns>
    public (byte[] Rented, int Length) Write(ReadOnlySpan<float> probabilities, int? scale, byte[][]? members = null)
    {
        var longest = _start.Length + LongestFrame + probabilities.Length / MnistImage.Classes * LongestPrediction;
        foreach (var member in members ?? [])
            longest += member.Length + 1;
        var array = ArrayPool<byte>.Shared.Rent(longest);
        var span = array.AsSpan();
        var at = 0;
        Append(_start, span, ref at);
        if (scale is not null)
            Append(scale == 1 ? ",\"scale\":1"u8 : ",\"scale\":255"u8, span, ref at);
        Append(",\"predictions\":["u8, span, ref at);
        for (var i = 0; i < probabilities.Length; i += MnistImage.Classes)
            at += WritePrediction(probabilities.Slice(i, MnistImage.Classes), i > 0, members is null ? default : members[i / MnistImage.Classes], span[at..]);
        Append("]}"u8, span, ref at);
        return (array, at);
    }

    private static int WritePrediction(ReadOnlySpan<float> probabilities, bool isFollowing, ReadOnlySpan<byte> members, Span<byte> span)
    {
        var digit = Classes.Best(probabilities);
        var at = 0;
        if (isFollowing)
            span[at++] = (byte)',';
        Append("{\"digit\":"u8, span, ref at);
        span[at++] = (byte)('0' + digit);
        Append(",\"probability\":"u8, span, ref at);
        Append(probabilities[digit], span, ref at);
        Append(",\"probabilities\":["u8, span, ref at);
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (i > 0)
                span[at++] = (byte)',';
            Append(probabilities[i], span, ref at);
        }
        span[at++] = (byte)']';
        if (!members.IsEmpty)
        {
            span[at++] = (byte)',';
            Append(members, span, ref at);
        }
        span[at++] = (byte)'}';
        return at;
    }

    private static void Append(ReadOnlySpan<byte> text, Span<byte> span, ref int at)
    {
        text.CopyTo(span[at..]);
        at += text.Length;
    }

    private static void Append(float number, Span<byte> span, ref int at) => at += JsonFloats.Write(number, ref span[at]);
}
