namespace MnistApi.Imaging;

/// <summary>A picture of one byte a sample in a rented array; the channels of a coloured one are interleaved.</summary>
internal readonly struct Plane(int width, int height, int channels = 1) : IDisposable
{
    private readonly byte[] _array = ArrayPool<byte>.Shared.Rent(width * height * channels);

    public int Width { get; } = width;

    public int Height { get; } = height;

    public int Channels { get; } = channels;

    public int Longer => Math.Max(Width, Height);

    public int Shorter => Math.Min(Width, Height);

    public Span<byte> Pixels => _array.AsSpan(0, Width * Height * Channels);

    public Span<byte> Row(int y) => Pixels.Slice(y * Width * Channels, Width * Channels);

    /// <summary>Exchanges light and dark.</summary>
    public void Invert() => TensorPrimitives.OnesComplement(Pixels, Pixels);

    /// <summary>A part of a plane of one channel, a new plane; what lies beyond the edges has the level given.</summary>
    public Plane Part(Box box, byte beyond = 0)
    {
        var part = new Plane(box.Width, box.Height);
        part.Pixels.Fill(beyond);
        var (left, right) = (Math.Max(0, box.Left), Math.Min(Width, box.Right));
        for (var y = Math.Max(0, box.Top); y < Math.Min(Height, box.Bottom); y++)
            Row(y)[left..right].CopyTo(part.Row(y - box.Top)[(left - box.Left)..]);
        return part;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_array);
}
