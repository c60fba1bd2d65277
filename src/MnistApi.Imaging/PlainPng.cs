using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace MnistApi.Imaging;

/// <summary>A PNG in a rented array: header, palette, transparency, all data in one chunk, and nothing else.</summary>
internal struct PlainPng(int dataRoom) : IDisposable
{
    private const int MaxBesides = 1200; // palette, transparency and all that is of fixed length

    private readonly byte[] _array = ArrayPool<byte>.Shared.Rent(dataRoom + MaxBesides);
    private int _length;
    private int _dataStart;
    private int _dataLength;

    public readonly ReadOnlySpan<byte> Span => _array.AsSpan(0, _length);

    /// <summary>The picture's data as it is packed.</summary>
    public readonly MemoryStream Data() => new(_array, _dataStart, _dataLength, writable: false);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_array.AsSpan(_length));
        _length += bytes.Length;
    }

    public void WriteChunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        WriteNumber((uint)content.Length);
        Write(type);
        Write(content);
        WriteChecksum(content.Length);
    }

    public void BeginData(int length)
    {
        WriteNumber((uint)length);
        Write("IDAT"u8);
        (_dataStart, _dataLength) = (_length, length);
    }

    public void EndData() => WriteChecksum(_dataLength);

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_array);

    private void WriteChecksum(int contentLength) =>
        WriteNumber(Crc32.HashToUInt32(_array.AsSpan(_length - contentLength - 4, contentLength + 4)));

    private void WriteNumber(uint number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_array.AsSpan(_length), number);
        _length += sizeof(uint);
    }
}
