using System.Buffers;
using System.Net.Mime;

namespace MnistApi.Predict;

/// <summary>The body of an answer, whole, in a rented array.</summary>
internal readonly record struct HttpAnswer(
    byte[] Rented, int Length, string ContentType = MediaTypeNames.Application.Json, (string Name, string Value)? Header = null)
    : IDisposable
{
    public ReadOnlyMemory<byte> Body => Rented.AsMemory(0, Length);

    public async Task SendAsync(HttpResponse response, CancellationToken cancellation)
    {
        response.ContentType = ContentType;
        response.ContentLength = Length;
        if (Header is { } header)
            response.Headers[header.Name] = header.Value;
        await response.BodyWriter.WriteAsync(Body, cancellation);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(Rented);
}

/// <summary>Appends an answer's parts to one rented array, which is long enough from the start.</summary>
internal ref struct AnswerBuffer(int maxLength)
{
    private readonly byte[] _rented = ArrayPool<byte>.Shared.Rent(maxLength + JsonFloats.MaxLength);

    public int Length { get; private set; }

    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_rented.AsSpan(Length));
        Length += text.Length;
    }

    public void Append(char ascii) => _rented[Length++] = (byte)ascii;

    /// <summary>Appends a number from 0 to 1.</summary>
    public void AppendProbability(float probability) => Length += JsonFloats.Write(probability, ref _rented[Length]);

    public void Append(float number)
    {
        number.TryFormat(_rented.AsSpan(Length), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Appends numbers from 0 to 1 as an array.</summary>
    public void AppendProbabilities(ReadOnlySpan<float> probabilities)
    {
        var (rented, at) = (_rented, Length); // in locals, because this is most of what a large answer takes
        for (var i = 0; i < probabilities.Length; i++)
        {
            rented[at++] = (byte)(i > 0 ? ',' : '[');
            at += JsonFloats.Write(probabilities[i], ref rented[at]);
        }
        rented[at++] = (byte)']';
        Length = at;
    }

    public void Append(string text) => Length += Encoding.UTF8.GetBytes(text, _rented.AsSpan(Length));

    public readonly HttpAnswer ToAnswer() => new(_rented, Length);
}
