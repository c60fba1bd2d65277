namespace MnistApi.Predict;

/// <summary>Writes the answer of POST /predict: <c>{"model":...,"scale":...,"predictions":[...]}</c>.</summary>
internal sealed class PredictWriter(string model, PredictExtras extras) : IAnswerWriter<PredictReader, HttpAnswer>
{
    private const int MaxFrame = 60;
    public const int MaxPrediction = 80 + (MnistImage.Classes + 1) * (JsonFloats.MaxLength + 1);

    private readonly byte[] _start = Encoding.UTF8.GetBytes($"{{\"model\":\"{model}\"");

    public HttpAnswer Write(PredictReader request, RequestImages images, Scores scores)
    {
        var members = extras.WriteAll(images, request.Query.Extras);
        return Write(scores.Probabilities, request.IsJson ? images.Pixels.Scale : null, members, InvertedPixels.Warning(images.Pixels));
    }

    /// <param name="probabilities">Ten an image.</param>
    /// <param name="scale">Null where the request was not JSON.</param>
    /// <param name="members">What else was asked for, members for each image; empty where nobody asked.</param>
    /// <param name="warning">What the sender may have got wrong.</param>
    public HttpAnswer Write(ReadOnlySpan<float> probabilities, int? scale, ReadOnlySpan<byte[]> members = default, string? warning = null)
    {
        var maxLength = _start.Length + MaxFrame + probabilities.Length / MnistImage.Classes * MaxPrediction + (warning?.Length ?? 0);
        foreach (var member in members)
            maxLength += member.Length + 1;
        var buffer = new AnswerBuffer(maxLength);
        buffer.Append(_start);
        if (scale is not null)
            buffer.Append(scale == 1 ? ",\"scale\":1"u8 : ",\"scale\":255"u8);
        buffer.Append(",\"predictions\":["u8);
        for (var i = 0; i < probabilities.Length; i += MnistImage.Classes)
        {
            if (i > 0)
                buffer.Append(',');
            WritePrediction(ref buffer, probabilities.Slice(i, MnistImage.Classes), members.IsEmpty ? [] : members[i / MnistImage.Classes]);
        }
        buffer.Append(warning is null ? "]}" : $"],\"warnings\":[\"{warning}\"]}}");
        return buffer.ToAnswer();
    }

    public static void WritePrediction(ref AnswerBuffer buffer, ReadOnlySpan<float> probabilities, ReadOnlySpan<byte> members)
    {
        var digit = Classes.Best(probabilities);
        buffer.Append("{\"digit\":"u8);
        buffer.Append((char)('0' + digit));
        buffer.Append(",\"probability\":"u8);
        buffer.AppendProbability(probabilities[digit]);
        buffer.Append(",\"probabilities\":"u8);
        buffer.AppendProbabilities(probabilities);
        if (!members.IsEmpty)
        {
            buffer.Append(',');
            buffer.Append(members);
        }
        buffer.Append('}');
    }
}
