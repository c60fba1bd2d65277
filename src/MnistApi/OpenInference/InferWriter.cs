using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MnistApi.Metrics;
using MnistApi.Model;
using MnistApi.Predict;

namespace MnistApi.OpenInference;

/// <summary>An answer in a rented array: JSON, then perhaps outputs' bytes.</summary>
internal readonly record struct InferAnswer(byte[] Rented, int JsonLength, int Length) : IDisposable
{
    public bool HasBinary => Length > JsonLength;

    public void Dispose() => ArrayPool<byte>.Shared.Return(Rented);
}

/// <summary>Writes the answer to an inference request.</summary>
internal sealed class InferWriter(LoadedModel model)
{
    private const int LongestFrame = 256;

    private readonly byte[] _start = Encoding.UTF8.GetBytes($"{{\"model_name\":\"{model.Name}\",\"model_version\":\"{model.Version}\"");

    /// <param name="request">What was asked.</param>
    /// <param name="scores">What the network says.</param>
    /// <param name="scale">What pixels were divided by; null for pictures.</param>
    public InferAnswer Write(InferRequest request, Scores scores, int? scale)
    {
        var start = Stages.Now();
        var id = request.Id is null ? default : JsonEncodedText.Encode(request.Id);
        var outputs = request.Outputs.Select(output => (Output: output, Bytes: output.IsBinary ?? request.IsBinaryByDefault ? OutputData.Bytes(output, scores) : null)).ToArray();
        var longest = _start.Length + LongestFrame + id.EncodedUtf8Bytes.Length;
        foreach (var (output, bytes) in outputs)
            longest += LongestFrame + (bytes?.Length ?? OutputData.LongestJson(output, scores.Images));

        var array = ArrayPool<byte>.Shared.Rent(longest);
        var span = array.AsSpan();
        var at = 0;
        Append(_start, span, ref at);
        if (request.Id is not null)
        {
            Append(",\"id\":\""u8, span, ref at);
            Append(id.EncodedUtf8Bytes, span, ref at);
            Append("\""u8, span, ref at);
        }
        if (scale is not null)
            Append($",\"parameters\":{{\"scale\":{scale}}}", span, ref at);
        Append(",\"outputs\":["u8, span, ref at);
        for (var i = 0; i < outputs.Length; i++)
            WriteOutput(outputs[i].Output, outputs[i].Bytes, scores, i > 0, span, ref at);
        Append("]}"u8, span, ref at);
        var jsonLength = at;
        foreach (var (_, bytes) in outputs)
            Append(bytes, span, ref at);
        Stages.Serialised(start);
        return new InferAnswer(array, jsonLength, at);
    }

    private static void WriteOutput(RequestedOutput output, byte[]? bytes, Scores scores, bool isFollowing, Span<byte> span, ref int at)
    {
        var shape = string.Join(',', OutputData.ShapeOf(output, scores.Images));
        Append($"{(isFollowing ? "," : "")}{{\"name\":\"{output.Tensor.Name}\",\"datatype\":\"{OutputData.DatatypeOf(output).Name()}\",\"shape\":[{shape}]", span, ref at);
        if (bytes is not null)
        {
            Append($",\"parameters\":{{\"{InputTensor.BinarySizeKey}\":{bytes.Length}}}}}", span, ref at);
            return;
        }
        Append(",\"data\":["u8, span, ref at);
        at += OutputData.WriteJson(output, scores, span[at..]);
        Append("]}"u8, span, ref at);
    }

    private static void Append(ReadOnlySpan<byte> text, Span<byte> span, ref int at)
    {
        text.CopyTo(span[at..]);
        at += text.Length;
    }

    private static void Append(FormattableString text, Span<byte> span, ref int at) => at += Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture), span[at..]);
}
