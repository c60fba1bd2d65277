namespace MnistApi.Predict;

/// <summary>Writes the answer of POST /predict?expect=number: a number for each picture, and each of its digits with its place.</summary>
internal sealed class NumbersWriter(string model, PredictExtras extras) : IAnswerWriter<PredictReader, HttpAnswer>
{
    private const int MaxFrame = 80; // around a number, and around a digit's box
    private const int MaxDigit = PredictWriter.MaxPrediction + MaxFrame;

    private readonly byte[] _start = Encoding.UTF8.GetBytes($"{{\"model\":\"{model}\",\"predictions\":[");

    public HttpAnswer Write(PredictReader request, RequestImages images, Scores scores)
    {
        var members = extras.WriteAll(images, request.Query.Extras);
        var buffer = new AnswerBuffer(_start.Length + MaxFrame + images.Numbers.Count * MaxFrame + scores.Images * MaxDigit
            + images.Numbers.Sum(number => number.Digits.Count) + members.Sum(member => member.Length + 1));
        buffer.Append(_start);
        var first = 0;
        foreach (var number in images.Numbers)
        {
            buffer.Append(first > 0 ? ",{\"number\":\""u8 : "{\"number\":\""u8);
            var probability = 1f; // that all are right, each by itself
            for (var image = first; image < first + number.Digits.Count; image++)
            {
                var digit = scores.Digit(image);
                buffer.Append((char)('0' + digit));
                probability *= scores.Of(image)[digit];
            }
            buffer.Append("\",\"probability\":"u8);
            buffer.AppendProbability(probability);
            buffer.Append(",\"digits\":["u8);
            for (var i = 0; i < number.Digits.Count; i++, first++)
            {
                if (i > 0)
                    buffer.Append(',');
                var box = number.Digits[i].Box;
                var place = string.Create(CultureInfo.InvariantCulture,
                    $"\"box\":{{\"left\":{box.Left},\"top\":{box.Top},\"width\":{box.Width},\"height\":{box.Height}}}");
                var more = Encoding.UTF8.GetBytes(place);
                if (members.Length > 0)
                    more = [.. more, (byte)',', .. members[first]];
                PredictWriter.WritePrediction(ref buffer, scores.Of(first), more);
            }
            buffer.Append("]}"u8);
        }
        buffer.Append("]}"u8);
        return buffer.ToAnswer();
    }
}
