using System.Buffers;

namespace MnistApi.Imaging;

/// <summary>A picture of one byte a sample in a rented array; the channels of a coloured one are interleaved.</summary>
internal readonly struct Plane(int width, int height, int channels = 1) : IDisposable
{
    private readonly byte[] _array = ArrayPool<byte>.Shared.Rent(width * height * channels);

    public int Width { get; } = width;

    public int Height { get; } = height;

    public int Channels { get; } = channels;

    public int Longer => Math.Max(Width, Height);

    public Span<byte> Pixels => _array.AsSpan(0, Width * Height * Channels);

    public Span<byte> Row(int y) => Pixels.Slice(y * Width * Channels, Width * Channels);

    /// <summary>Exchanges light and dark.</summary>
    public void Invert()
    {
        foreach (ref var level in Pixels)
            level = (byte)(byte.MaxValue - level);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_array);
}
