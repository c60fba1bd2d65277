using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MnistApi.TestData;

/// <summary>Writes PNGs of every kind byte by byte, right ones and wrong ones; no library between.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Colour">The colour type: 0, 2, 3, 4 or 6.</param>
/// <param name="Depth">Bits a sample.</param>
/// <param name="IsInterlaced">Adam7.</param>
public sealed record RawPng(int Width, int Height, byte Colour, byte Depth, bool IsInterlaced = false)
{
    /// <summary>The colour types with the bit depths that the standard allows for each.</summary>
    public static IReadOnlyList<(byte Colour, byte Depth)> Kinds { get; } =
        [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)];

    /// <summary>The filter type of a row: five is a different one in each.</summary>
    public int Filter { get; init; }

    public byte[]? Palette { get; init; }

    public byte[]? Transparency { get; init; }

    /// <summary>What a camera noted down.</summary>
    public byte[]? Exif { get; init; }

    public int Channels => Colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>The file whose samples are given by column, row and channel.</summary>
    public byte[] Of(Func<int, int, int, int> sample) => With(Pack(Rows(sample)));

    /// <summary>The file around data that is packed already.</summary>
    public byte[] With(byte[] packed)
    {
        List<byte[]> chunks = [Header(Width, Height, Depth, Colour, IsInterlaced ? (byte)1 : (byte)0)];
        if (Palette is not null)
            chunks.Add(Chunk("PLTE", Palette));
        if (Transparency is not null)
            chunks.Add(Chunk("tRNS", Transparency));
        if (Exif is not null)
            chunks.Add(Chunk("eXIf", Exif));
        return File([.. chunks, Chunk("IDAT", packed), Chunk("IEND", [])]);
    }

    /// <summary>The filtered rows, unpacked, pass after pass where the picture is interlaced.</summary>
    public byte[] Rows(Func<int, int, int, int> sample)
    {
        if (!IsInterlaced)
            return Pass(0, 0, 1, 1, sample);
        (int X, int Y, int StepX, int StepY)[] passes =
            [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
        return [.. passes.SelectMany(pass => Pass(pass.X, pass.Y, pass.StepX, pass.StepY, sample))];
    }

    public static byte[] File(params byte[][] chunks) => [.. Signature, .. chunks.SelectMany(chunk => chunk)];

    public static byte[] Header(uint width, uint height, byte depth, byte colour, byte interlace = 0, byte compression = 0, byte filter = 0)
    {
        var content = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(content, width);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(4), height);
        (content[8], content[9], content[10], content[11], content[12]) = (depth, colour, compression, filter, interlace);
        return Chunk("IHDR", content);
    }

    public static byte[] Header(int width, int height, byte depth, byte colour, byte interlace = 0) =>
        Header((uint)width, (uint)height, depth, colour, interlace);

    public static byte[] Chunk(string type, byte[] content)
    {
        var chunk = new byte[12 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        Encoding.Latin1.GetBytes(type, chunk.AsSpan(4, 4));
        content.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), Checksum(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    /// <summary>The same file with every chunk's checksum put right, as far as its lengths lead.</summary>
    public static byte[] WithChecksums(byte[] file)
    {
        var copy = (byte[])file.Clone();
        for (var at = 8; copy.Length - at >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(copy.AsSpan(at));
            if (length > copy.Length - at - 12)
                break;
            BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(at + 8 + (int)length), Checksum(copy.AsSpan(at + 4, 4 + (int)length)));
            at += 12 + (int)length;
        }
        return copy;
    }

    public static byte[] Pack(byte[] rows, CompressionLevel level = CompressionLevel.Optimal) => Pack(stream => stream.Write(rows), level);

    /// <summary>Data too long to be held, written piece by piece.</summary>
    public static byte[] Pack(Action<Stream> write, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, level))
            write(zlib);
        return packed.ToArray();
    }

    /// <summary>So many zeros, packed about a thousand to one.</summary>
    public static byte[] PackedZeros(long count) => Pack(stream =>
    {
        var zeros = new byte[1 << 20];
        for (var left = count; left > 0; left -= zeros.Length)
            stream.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
    });

    private byte[] Pass(int startX, int startY, int stepX, int stepY, Func<int, int, int, int> sample)
    {
        int columns = (Width - startX + stepX - 1) / stepX, rows = (Height - startY + stepY - 1) / stepY;
        if (columns <= 0 || rows <= 0)
            return [];
        var length = (columns * Channels * Depth + 7) / 8;
        var pixelBytes = Math.Max(1, Channels * Depth / 8);
        var result = new byte[rows * (1 + length)];
        byte[] above = new byte[length], row = new byte[length];
        for (var y = 0; y < rows; y++)
        {
            Array.Clear(row);
            for (var i = 0; i < columns * Channels; i++)
                Put(row, i, sample(startX + i / Channels * stepX, startY + y * stepY, i % Channels));
            var filter = Filter == 5 ? y % 5 : Filter;
            result[y * (1 + length)] = (byte)filter;
            for (var i = 0; i < length; i++)
            {
                int left = i < pixelBytes ? 0 : row[i - pixelBytes], aboveLeft = i < pixelBytes ? 0 : above[i - pixelBytes];
                var guess =
                    filter switch { 1 => left, 2 => above[i], 3 => (left + above[i]) / 2, 4 => Paeth(left, above[i], aboveLeft), _ => 0 };
                result[y * (1 + length) + 1 + i] = (byte)(row[i] - guess);
            }
            (above, row) = (row, above);
        }
        return result;
    }

    private void Put(byte[] row, int index, int sample)
    {
        if (Depth == 16)
            BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(2 * index), (ushort)sample);
        else
            row[index * Depth / 8] |= (byte)(sample << 8 - Depth - index * Depth % 8);
    }

    private static int Paeth(int left, int above, int aboveLeft)
    {
        var guess = left + above - aboveLeft;
        int fromLeft = Math.Abs(guess - left), fromAbove = Math.Abs(guess - above), fromAboveLeft = Math.Abs(guess - aboveLeft);
        return fromLeft <= fromAbove && fromLeft <= fromAboveLeft ? left : fromAbove <= fromAboveLeft ? above : aboveLeft;
    }

    /// <summary>CRC-32, bit by bit: slow, and plain to see.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
