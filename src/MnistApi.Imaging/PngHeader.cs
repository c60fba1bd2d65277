using System.Buffers.Binary;

namespace MnistApi.Imaging;

/// <summary>What a PNG says of itself before anything is decoded.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="IsPlainGrey">8 bits a pixel, grey, no transparency: the pixels are the picture.</param>
public readonly record struct PngHeader(int Width, int Height, bool IsPlainGrey)
{
    private const int ChunkOverhead = 12; // length, type and checksum
    private const int HeaderLength = 13;
    private const byte ColourTypeGrey = 0;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>Reads the header and walks the chunks to the end, so that a truncated file is found before it is half decoded.</summary>
    /// <exception cref="PictureException">The bytes are no PNG, or a PNG that stops early.</exception>
    public static PngHeader Read(ReadOnlySpan<byte> png)
    {
        if (!png.StartsWith(Signature))
            throw new PictureException(PictureError.NotPng, $"expected a PNG, got {Describe(png)}");
        var rest = png[Signature.Length..];
        var header = NextChunk(ref rest, out var type);
        if (!type.SequenceEqual("IHDR"u8) || header.Length != HeaderLength)
            throw Damaged("its first chunk is not a header");
        var width = BinaryPrimitives.ReadUInt32BigEndian(header);
        var height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw Damaged($"its size is {width}x{height}");
        var isPlainGrey = header[8] == 8 && header[9] == ColourTypeGrey;
        var hasData = false;
        do
        {
            NextChunk(ref rest, out type);
            hasData |= type.SequenceEqual("IDAT"u8);
            isPlainGrey &= !type.SequenceEqual("tRNS"u8);
        }
        while (!type.SequenceEqual("IEND"u8));
        return hasData ? new PngHeader((int)width, (int)height, isPlainGrey) : throw Damaged("it has no picture data");
    }

    private static ReadOnlySpan<byte> NextChunk(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> type)
    {
        if (rest.Length < ChunkOverhead)
            throw Damaged("it ends before its end chunk");
        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - ChunkOverhead)
            throw Damaged($"a chunk of {length} bytes begins {rest.Length} bytes before its end");
        type = rest.Slice(4, 4);
        var data = rest.Slice(8, (int)length);
        rest = rest[(ChunkOverhead + (int)length)..];
        return data;
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
