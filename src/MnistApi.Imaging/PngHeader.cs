using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace MnistApi.Imaging;

/// <summary>What a PNG says of itself before anything is decoded.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Depth">Bits a sample.</param>
/// <param name="Colour">The colour type.</param>
/// <param name="IsInterlaced">Whether the picture comes in Adam7's seven passes.</param>
/// <param name="HasTransparency">Whether there is a tRNS chunk.</param>
public readonly record struct PngHeader(int Width, int Height, byte Depth, byte Colour, bool IsInterlaced, bool HasTransparency)
{
    private const int ChunkOverhead = 12; // length, type and checksum
    private const int HeaderLength = 13;

    // colour types
    private const byte Grey = 0;
    private const byte Rgb = 2;
    private const byte Palette = 3;
    private const byte GreyAlpha = 4;
    private const byte RgbAlpha = 6;

    /// <summary>Width times height.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>8 bits a pixel, grey, no transparency: the pixels are the picture.</summary>
    public bool IsPlainGrey => Depth == 8 && Colour == Grey && !HasTransparency;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>
    /// Reads the header and walks the chunks to the end, checking what the decoder does not: checksums, a single header with
    /// possible values, an end.
    /// </summary>
    /// <exception cref="PictureException">The bytes are no PNG, or a truncated or damaged one.</exception>
    public static PngHeader Read(ReadOnlySpan<byte> png)
    {
        if (!png.StartsWith(Signature))
            throw new PictureException(PictureError.NotPng, $"expected a PNG, got {Describe(png)}");
        var rest = png[Signature.Length..];
        var content = NextChunk(ref rest, out var type);
        if (!type.SequenceEqual("IHDR"u8) || content.Length != HeaderLength)
            throw Damaged("its first chunk is not a header");
        var header = ReadHeader(content);
        var hasData = false;
        while (true)
        {
            NextChunk(ref rest, out type);
            if (type.SequenceEqual("IEND"u8))
                return hasData ? header : throw Damaged("it has no picture data");
            if (type.SequenceEqual("IHDR"u8))
                throw Damaged("it has a second header");
            hasData |= type.SequenceEqual("IDAT"u8);
            if (type.SequenceEqual("tRNS"u8))
                header = header with { HasTransparency = true };
        }
    }

    /// <summary>
    /// Unpacks the picture data and counts it. The decoder does not: of too few bytes it makes half a picture, or, where the
    /// picture is interlaced, waits for more without end.
    /// </summary>
    /// <exception cref="PictureException">There are too few bytes, or they do not unpack.</exception>
    public void RequireAllRows(ReadOnlySpan<byte> png)
    {
        using var packed = new MemoryStream(png.Length);
        for (var rest = png[Signature.Length..]; !rest.IsEmpty;)
        {
            var content = rest.Slice(8, (int)BinaryPrimitives.ReadUInt32BigEndian(rest));
            if (rest.Slice(4, 4).SequenceEqual("IDAT"u8))
                packed.Write(content);
            if (rest.Slice(4, 4).SequenceEqual("IEND"u8))
                break;
            rest = rest[(ChunkOverhead + content.Length)..];
        }
        packed.Position = 0;
        var expected = UnpackedBytes();
        long got = 0;
        try
        {
            using var plain = new ZLibStream(packed, CompressionMode.Decompress);
            Span<byte> buffer = stackalloc byte[4096];
            for (int read; got < expected && (read = plain.Read(buffer)) > 0; got += read)
            {
            }
        }
        catch (InvalidDataException error)
        {
            throw new PictureException(PictureError.Damaged, $"the PNG is truncated or damaged: {error.Message}", error);
        }
        if (got < expected)
            throw Damaged($"its data has {got} bytes, expected {expected}");
    }

    /// <summary>A filter byte and the pixels of every row, of each of the seven passes where it is interlaced.</summary>
    private long UnpackedBytes()
    {
        var bits = Depth * Colour switch { Rgb => 3, GreyAlpha => 2, RgbAlpha => 4, _ => 1 };
        if (!IsInterlaced)
            return Height * (1 + ((long)Width * bits + 7) / 8);
        ReadOnlySpan<(int X, int Y, int StepX, int StepY)> passes =
            [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
        long bytes = 0;
        foreach (var (x, y, stepX, stepY) in passes)
        {
            long columns = (Width - x + stepX - 1) / stepX, rows = (Height - y + stepY - 1) / stepY;
            if (columns > 0 && rows > 0)
                bytes += rows * (1 + (columns * bits + 7) / 8);
        }
        return bytes;
    }

    private static PngHeader ReadHeader(ReadOnlySpan<byte> content)
    {
        var width = BinaryPrimitives.ReadUInt32BigEndian(content);
        var height = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw Damaged($"its size is {width}x{height}");
        byte depth = content[8], colour = content[9], compression = content[10], filter = content[11], interlace = content[12];
        if (!IsPossible(depth, colour) || compression != 0 || filter != 0 || interlace > 1)
            throw Damaged($"its header has colour type {colour}, bit depth {depth}, compression {compression}, filter {filter}, interlace {interlace}");
        return new PngHeader((int)width, (int)height, depth, colour, interlace == 1, HasTransparency: false);
    }

    private static bool IsPossible(byte depth, byte colour) => colour switch
    {
        Grey => depth is 1 or 2 or 4 or 8 or 16,
        Palette => depth is 1 or 2 or 4 or 8,
        Rgb or GreyAlpha or RgbAlpha => depth is 8 or 16,
        _ => false,
    };

    private static ReadOnlySpan<byte> NextChunk(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> type)
    {
        if (rest.Length < ChunkOverhead)
            throw Damaged("it ends before its end chunk");
        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - ChunkOverhead)
            throw Damaged($"a chunk of {length} bytes begins {rest.Length} bytes before its end");
        var typeAndData = rest.Slice(4, 4 + (int)length);
        if (Crc32.HashToUInt32(typeAndData) != BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]))
            throw Damaged("a chunk's checksum is wrong");
        type = typeAndData[..4];
        rest = rest[(ChunkOverhead + (int)length)..];
        return typeAndData[4..];
    }

    private static PictureException Damaged(string what) => new(PictureError.Damaged, $"the PNG is truncated or damaged: {what}");

    private static string Describe(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [] => "nothing",
        [0xFF, 0xD8, 0xFF, ..] => "a JPEG",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "a GIF",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "a WebP",
        [(byte)'B', (byte)'M', ..] => "a BMP",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF",
        _ => $"{bytes.Length} bytes that begin with {Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])}",
    };
}
