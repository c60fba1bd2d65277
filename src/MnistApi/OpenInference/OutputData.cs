using System.Runtime.InteropServices;

namespace MnistApi.OpenInference;

/// <summary>One output's values, as JSON or as bytes.</summary>
internal static class OutputData
{
    private const int MaxLogit = 16; // -1.1754944E-38 and a comma
    private const int MaxClass = 48; // probability, index, label, and what is put around them

    public static Datatype DatatypeOf(RequestedOutput output) => output.Classes > 0 ? Datatype.Bytes : output.Tensor.Datatype;

    public static long[] ShapeOf(RequestedOutput output, int images) =>
        output.Classes > 0 ? [images, output.Classes] : [images, .. output.Tensor.Shape[1..]];

    /// <summary>The values as they are in memory: little-endian, without gaps.</summary>
    public static byte[] Bytes(RequestedOutput output, Scores scores)
    {
        if (output.Classes > 0)
            return [.. Classifications(output, scores).SelectMany(Element)];
        return output.Tensor.Datatype == Datatype.Fp32
            ? MemoryMarshal.AsBytes(Values(output, scores)).ToArray()
            : MemoryMarshal.AsBytes<long>(Digits(scores).ToArray()).ToArray();
    }

    /// <summary>The length that the values as JSON do not exceed.</summary>
    public static int MaxJson(RequestedOutput output, int images) => images * output switch
    {
        { Classes: > 0 } => output.Classes * MaxClass,
        { Tensor.Name: Tensors.Probabilities } => MnistImage.Classes * (JsonFloats.MaxLength + 1),
        { Tensor.Name: Tensors.Logits } => MnistImage.Classes * MaxLogit,
        _ => 2,
    };

    /// <summary>Writes the values as a flat array.</summary>
    public static void WriteJson(RequestedOutput output, Scores scores, ref AnswerBuffer buffer)
    {
        if (output.Classes > 0)
            buffer.Append($"[\"{string.Join("\",\"", Classifications(output, scores))}\"]");
        else if (output.Tensor.Name == Tensors.Probabilities)
            buffer.AppendProbabilities(scores.Probabilities);
        else if (output.Tensor.Name == Tensors.Digit)
            buffer.Append($"[{string.Join(',', Digits(scores))}]");
        else
            AppendLogits(scores.Logits, ref buffer);
    }

    private static void AppendLogits(ReadOnlySpan<float> logits, ref AnswerBuffer buffer)
    {
        for (var i = 0; i < logits.Length; i++)
        {
            buffer.Append(i > 0 ? ',' : '[');
            buffer.Append(logits[i]);
        }
        buffer.Append(']');
    }

    private static byte[] Element(string text) => [.. BitConverter.GetBytes(text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static IEnumerable<long> Digits(Scores scores) => Enumerable.Range(0, scores.Images).Select(image => (long)scores.Digit(image));

    private static ReadOnlySpan<float> Values(RequestedOutput output, Scores scores) =>
        output.Tensor.Name == Tensors.Logits ? scores.Logits : scores.Probabilities;

    /// <summary>The classification extension: value:index:label, an image's best class first, and of equals the first.</summary>
    private static List<string> Classifications(RequestedOutput output, Scores scores)
    {
        var values = Values(output, scores);
        var texts = new List<string>(scores.Images * output.Classes);
        for (var image = 0; image < scores.Images; image++)
        {
            var row = values.Slice(image * MnistImage.Classes, MnistImage.Classes).ToArray();
            texts.AddRange(Enumerable.Range(0, MnistImage.Classes).OrderByDescending(k => row[k]).Take(output.Classes)
                .Select(k => string.Create(CultureInfo.InvariantCulture, $"{row[k]}:{k}:{k}")));
        }
        return texts;
    }
}
