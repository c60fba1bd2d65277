using MnistApi.Inference.Kernels;

namespace MnistApi.Predict;

/// <summary>
/// Reads one instance fast where it is numbers, flat or in rows, as clients write them. Whatever else it meets it leaves to
/// <see cref="StrictInstance"/>.
/// </summary>
internal static class FastInstance
{
    /// <summary>Adds an image: as bytes while all images so far were, else, or if that fails, as floats.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, ref int at, PixelBatch batch)
    {
        var start = at;
        if (batch.IsBytes)
        {
            Span<byte> bytes = stackalloc byte[MnistImage.Pixels + ByteNumbers.Slack];
            if (PixelText.TryReadBytes(body, ref at, bytes, StrictPixels.MaxDepth, out var row) && StrictPixels.IsRow(row))
            {
                bytes[..MnistImage.Pixels].CopyTo(batch.AddBytes());
                return true;
            }
            at = start;
        }
        Span<float> floats = stackalloc float[MnistImage.Pixels];
        if (PixelText.TryReadFloats(body, ref at, floats, StrictPixels.MaxDepth, out var length) && StrictPixels.IsRow(length))
        {
            floats.CopyTo(batch.AddFloats());
            return true;
        }
        at = start;
        return false;
    }
}
