using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MnistApi.Inference;
using MnistApi.Predict;

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
        if (output.Tensor.Datatype == Datatype.Fp32)
            return MemoryMarshal.AsBytes(Values(output, scores)).ToArray();
        var digits = new byte[scores.Images * sizeof(long)];
        for (var image = 0; image < scores.Images; image++)
            BinaryPrimitives.WriteInt64LittleEndian(digits.AsSpan(image * sizeof(long)), scores.Digit(image));
        return digits;
    }

    /// <summary>The length that the values as JSON do not exceed.</summary>
    public static int MaxJson(RequestedOutput output, int images) => images * output switch
    {
        { Classes: > 0 } => output.Classes * MaxClass,
        { Tensor.Name: Tensors.Probabilities } => MnistImage.Classes * (JsonFloats.MaxLength + 1),
        { Tensor.Name: Tensors.Logits } => MnistImage.Classes * MaxLogit,
        _ => 2,
    };

    /// <summary>Writes the values with commas between them.</summary>
    public static void WriteJson(RequestedOutput output, Scores scores, ref AnswerBuffer buffer)
    {
        if (output.Classes > 0)
        {
            buffer.Append($"\"{string.Join("\",\"", Classifications(output, scores))}\"");
            return;
        }
        var values = Values(output, scores);
        var count = output.Tensor.Name == Tensors.Digit ? scores.Images : values.Length;
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
                buffer.Append(',');
            if (output.Tensor.Name == Tensors.Digit)
                buffer.Append((char)('0' + scores.Digit(i)));
            else if (output.Tensor.Name == Tensors.Probabilities)
                buffer.AppendProbability(values[i]);
            else
                buffer.Append(values[i]);
        }
    }

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

    private static byte[] Element(string text)
    {
        var element = new byte[sizeof(uint) + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(element, text.Length);
        Encoding.ASCII.GetBytes(text, element.AsSpan(sizeof(uint)));
        return element;
    }
}
