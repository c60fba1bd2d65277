using MnistApi.Imaging;

namespace MnistApi.Predict;

/// <summary>Writes the answer of POST /predict: <c>{"model":...,"scale":...,"predictions":[...]}</c>.</summary>
internal static class PredictWriter
{
    private const int MaxFrame = 180; // around all, with the model's name; and around a number with its digits
    private const int MaxPrediction = 80 + (MnistImage.Classes + 1) * (JsonFloats.MaxLength + 1);

    /// <summary>The scale is that of JSON's numbers; members are what else was asked for, of each image.</summary>
    public static HttpAnswer Write(
        string model, ReadOnlySpan<float> probabilities, int? scale, ReadOnlySpan<byte[]> members = default, string? warning = null)
    {
        var buffer = Begin(model, scale, probabilities.Length / MnistImage.Classes, members, warning?.Length ?? 0);
        for (var i = 0; i < probabilities.Length; i += MnistImage.Classes)
        {
            if (i > 0)
                buffer.Append(',');
            var more = members.IsEmpty ? [] : members[i / MnistImage.Classes];
            AppendPrediction(ref buffer, probabilities.Slice(i, MnistImage.Classes), more);
        }
        buffer.Append(warning is null ? "]}" : $"],\"warnings\":[\"{warning}\"]}}");
        return buffer.ToAnswer();
    }

    /// <summary>The answer with expect=number: a number for each picture, and each of its digits.</summary>
    public static HttpAnswer WriteNumbers(string model, List<NumberReading> numbers, Scores scores, byte[][] members)
    {
        var buffer = Begin(model, scale: null, scores.Images, members, numbers.Count * MaxFrame);
        var first = 0;
        foreach (var number in numbers)
        {
            var images = Enumerable.Range(first, number.Digits.Count);
            buffer.Append($"{(first > 0 ? "," : "")}{{\"number\":\"{string.Concat(images.Select(scores.Digit))}\",\"probability\":");
            // that all are right, each by itself
            buffer.AppendProbability(images.Aggregate(1f, (product, image) => product * scores.Of(image)[scores.Digit(image)]));
            buffer.Append(",\"digits\":["u8);
            foreach (var image in images)
            {
                if (image > first)
                    buffer.Append(',');
                AppendPrediction(ref buffer, scores.Of(image), members[image]);
            }
            buffer.Append("]}"u8);
            first += number.Digits.Count;
        }
        buffer.Append("]}"u8);
        return buffer.ToAnswer();
    }

    private static AnswerBuffer Begin(string model, int? scale, int images, ReadOnlySpan<byte[]> members, int more)
    {
        var maxLength = MaxFrame + images * MaxPrediction + more;
        foreach (var member in members)
            maxLength += member.Length + 1;
        var buffer = new AnswerBuffer(maxLength);
        buffer.Append("{\"model\":\""u8);
        buffer.Append(model);
        buffer.Append(scale switch
        {
            null => "\",\"predictions\":["u8,
            1 => "\",\"scale\":1,\"predictions\":["u8,
            _ => "\",\"scale\":255,\"predictions\":["u8,
        });
        return buffer;
    }

    private static void AppendPrediction(ref AnswerBuffer buffer, ReadOnlySpan<float> probabilities, ReadOnlySpan<byte> members)
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
