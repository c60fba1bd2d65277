using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>What a file may still unpack to: a small one may name the same bytes again and again, or be packed a thousand to one.</summary>
internal sealed class Budget
{
    /// <summary>The most bytes of one file and of all that is made of it, 256 MiB: a small network has far less, a bomb far more.</summary>
    public const int MaxBytes = 256 << 20;

    private long _left = MaxBytes;

    public void Spend(long bytes)
    {
        _left -= bytes;
        if (_left < 0)
            throw new WeightsFormatException($"expected arrays of at most {MaxBytes} bytes in all, the file makes more");
    }

    /// <summary>All that a packed stream holds; closes it.</summary>
    public ReadOnlyMemory<byte> ReadAll(Stream stream)
    {
        using var packed = stream;
        using var plain = new MemoryStream();
        var chunk = new byte[1 << 16];
        for (int read; (read = packed.Read(chunk)) > 0;)
        {
            Spend(read);
            plain.Write(chunk, 0, read);
        }
        return plain.GetBuffer().AsMemory(0, (int)plain.Length);
    }
}
