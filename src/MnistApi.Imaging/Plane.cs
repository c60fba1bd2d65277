using System.Buffers;

namespace MnistApi.Imaging;

/// <summary>A picture of one byte a pixel in a rented array.</summary>
internal readonly struct Plane(int width, int height) : IDisposable
{
    private readonly byte[] _array = ArrayPool<byte>.Shared.Rent(width * height);

    public int Width { get; } = width;

    public int Height { get; } = height;

    public Span<byte> Pixels => _array.AsSpan(0, Width * Height);

    public Span<byte> Row(int y) => Pixels.Slice(y * Width, Width);

    /// <summary>Exchanges light and dark.</summary>
    public void Invert()
    {
        foreach (ref var level in Pixels)
            level = (byte)(byte.MaxValue - level);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_array);
}
