using System.IO.Compression;
using System.IO.Hashing;

namespace MnistApi.Imaging;

/// <summary>
/// The PNG that the decoder is shown: header, palette, transparency, and the data unpacked, in blocks that are stored as they are. It is
/// made while the decoder reads it, so the data is unpacked once, where it is counted, and no more than two blocks of it are held.
/// </summary>
internal sealed class StoredPng : Stream
{
    private const int BlockBytes = ushort.MaxValue; // deflate allows no more
    private const int BlockHeader = 5; // deflate's: whether it is the last, and its length twice
    private const int Overhead = BlockHeader + PngFile.ChunkOverhead;
    private const int MaxRatio = 1032; // deflate makes no more bytes of one

    private static readonly byte[] s_zlibHeader = Chunk("IDAT"u8, [0x78, 1]);
    private static readonly byte[] s_end = Chunk("IEND"u8, []);

    private readonly byte[] _start;
    private readonly byte[] _packed;
    private readonly ZLibStream _data;
    private readonly long _dataBytes;
    private readonly long _blocks;
    private readonly byte[] _chunks; // the last two blocks that were made, each a chunk
    private long _made; // blocks

    /// <param name="file">The file; what is needed of it is copied.</param>
    /// <exception cref="PictureException">It has far too little data.</exception>
    public StoredPng(PngFile file)
    {
        _packed = ArrayPool<byte>.Shared.Rent(file.MaxPackedBytes);
        var packed = file.CopyData(_packed);
        _dataBytes = file.Header.UnpackedBytes();
        if ((long)packed * MaxRatio < _dataBytes)
            throw PngFile.Damaged($"its data has {packed} bytes, too few to unpack to the {_dataBytes} expected");
        _start = [.. PngFile.Signature, .. file.HeadChunks(), .. s_zlibHeader];
        _data = new ZLibStream(new MemoryStream(_packed, 0, packed, writable: false), CompressionMode.Decompress);
        _blocks = (_dataBytes + BlockBytes - 1) / BlockBytes;
        _chunks = ArrayPool<byte>.Shared.Rent((int)Math.Min(_dataBytes + Overhead, 2 * (BlockBytes + Overhead)));
        Length = _start.Length + _dataBytes + _blocks * Overhead + s_end.Length;
    }

    public override long Length { get; }

    public override long Position { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => true; // back by less than a block

    public override bool CanWrite => false;

    /// <summary>A chunk of a PNG.</summary>
    public static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[content.Length + PngFile.ChunkOverhead];
        content.CopyTo(chunk.AsSpan(8));
        Complete(chunk, type);
        return chunk;
    }

    /// <summary>Reads as far as the bytes lie in one piece.</summary>
    /// <exception cref="PictureException">There are too few bytes of data or too many, or they do not unpack.</exception>
    public override int Read(Span<byte> buffer)
    {
        var piece = Piece();
        var count = Math.Min(piece.Length, buffer.Length);
        piece[..count].CopyTo(buffer);
        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset; // the decoder seeks from the beginning

    public override void Flush() => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _data.Dispose();
            ArrayPool<byte>.Shared.Return(_packed);
            ArrayPool<byte>.Shared.Return(_chunks);
        }
        base.Dispose(disposing);
    }

    private ReadOnlySpan<byte> Piece()
    {
        if (Position < _start.Length)
            return _start.AsSpan((int)Position);
        var (block, at) = Math.DivRem(Position - _start.Length, BlockBytes + Overhead);
        if (block >= _blocks || (block == _blocks - 1 && at >= Place(block).Length))
            return s_end.AsSpan((int)(Position - (Length - s_end.Length)));
        while (_made <= block)
            Make(_made++);
        return block >= _made - 2 ? Place(block)[(int)at..] : throw new NotSupportedException();
    }

    /// <summary>Where a block's chunk lies: the two by turns.</summary>
    private Span<byte> Place(long block)
    {
        var length = (int)Math.Min(BlockBytes, _dataBytes - block * BlockBytes);
        return _chunks.AsSpan((int)(block % 2) * (BlockBytes + Overhead), length + Overhead);
    }

    private void Make(long block)
    {
        var chunk = Place(block);
        var data = chunk[(8 + BlockHeader)..^4];
        chunk[8] = (byte)(block == _blocks - 1 ? 1 : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(chunk[9..], (ushort)data.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(chunk[11..], (ushort)~data.Length);
        var got = Unpack(data);
        if (got < data.Length)
            throw PngFile.Damaged($"its data has {block * BlockBytes + got} bytes, expected {_dataBytes}");
        if (block == _blocks - 1 && Unpack(stackalloc byte[1]) > 0)
            throw PngFile.Damaged($"its data has more than {_dataBytes} bytes, expected {_dataBytes}");
        Complete(chunk, "IDAT"u8);
    }

    private int Unpack(Span<byte> data)
    {
        try
        {
            return _data.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error is InvalidDataException or IOException) // the latter for what zlib itself refuses
        {
            throw new PictureException(PictureError.Damaged, "the PNG is truncated or damaged: its data does not unpack", error);
        }
    }

    /// <summary>Writes a chunk's length, type and checksum around its content.</summary>
    private static void Complete(Span<byte> chunk, ReadOnlySpan<byte> type)
    {
        BinaryPrimitives.WriteInt32BigEndian(chunk, chunk.Length - PngFile.ChunkOverhead);
        type.CopyTo(chunk[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[^4..], Crc32.HashToUInt32(chunk[4..^4]));
    }
}
