using System.Buffers.Binary;
using System.IO.Compression;
using MnistApi.Inference.Weights;

namespace MnistApi.Inference.Datasets;

/// <summary>A file is not the IDX file of bytes that was expected.</summary>
public sealed class IdxFormatException : Exception
{
    /// <summary>Makes the error with a sentence that says what was expected and what came.</summary>
    public IdxFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>An array of bytes with its dimensions.</summary>
/// <param name="Dimensions">Outermost first.</param>
/// <param name="Bytes">Row-major; as many as the product of the dimensions.</param>
public sealed record IdxArray(IReadOnlyList<int> Dimensions, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// Reads IDX files of unsigned bytes, the format of MNIST: magic 0 0, type 8, number of dimensions, the
/// dimensions as 4 bytes big-endian each, then the data and nothing else. Plain or gzip, told apart by content.
/// </summary>
public static class IdxReader
{
    /// <summary>The longest file that is read, unpacked: MNIST's largest has 47,040,016 bytes.</summary>
    public const int MaxBytes = 64 << 20;

    private const byte TypeUnsignedByte = 8;

    /// <summary>Reads the array in <paramref name="file"/>.</summary>
    /// <exception cref="IdxFormatException">The bytes are not an IDX file of unsigned bytes with that many dimensions.</exception>
    public static IdxArray Read(ReadOnlyMemory<byte> file, int dimensions)
    {
        var bytes = Unpack(file);
        var span = bytes.Span;
        var headerLength = 4 + 4 * dimensions;
        if (span.Length < 4)
            throw new IdxFormatException($"expected an IDX file of at least {headerLength} bytes, got {span.Length}");
        if (span[0] != 0 || span[1] != 0)
        {
            throw new IdxFormatException(FileKinds.Of(span) == FileKind.Unknown
                ? $"expected the magic bytes 0 0, got {span[0]} {span[1]}"
                : $"expected one of MNIST's data files (IDX), but this is {FileKinds.Describe(span)}");
        }
        if (span[2] != TypeUnsignedByte)
            throw new IdxFormatException($"expected the data type {TypeUnsignedByte} (unsigned byte), got {span[2]}");
        if (span[3] != dimensions)
            throw new IdxFormatException($"expected {dimensions} dimensions, got {span[3]}");
        if (span.Length < headerLength)
            throw new IdxFormatException($"expected a header of {headerLength} bytes, the file ends after {span.Length}");
        var sizes = new int[dimensions];
        long product = 1;
        for (var i = 0; i < dimensions; i++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(span[(4 + 4 * i)..]);
            if (size > MaxBytes || (product *= size) > MaxBytes)
            {
                throw new IdxFormatException(
                    $"expected at most {MaxBytes} bytes of data, the header asks for more: dimension {i} is {size}");
            }
            sizes[i] = (int)size;
        }
        return span.Length - headerLength == product
            ? new IdxArray(sizes, bytes[headerLength..])
            : throw new IdxFormatException(
                $"expected {product} bytes of data for the dimensions {string.Join('x', sizes)}, got {span.Length - headerLength}");
    }

    /// <summary>The file's own bytes where it is plain, else what it unpacks to.</summary>
    /// <exception cref="IdxFormatException">It begins like gzip and is damaged, or unpacks to more than <see cref="MaxBytes"/>.</exception>
    public static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> file)
    {
        if (file.Length < 2 || file.Span[0] != 0x1F || file.Span[1] != 0x8B)
            return file;
        try
        {
            using var packed = new GZipStream(new MemoryStream(file.ToArray()), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = packed.Read(buffer)) > 0;)
            {
                if (plain.Length + read > MaxBytes)
                    throw new IdxFormatException($"expected at most {MaxBytes} bytes unpacked, the gzip file holds more");
                plain.Write(buffer, 0, read);
            }
            return plain.GetBuffer().AsMemory(0, (int)plain.Length);
        }
        catch (InvalidDataException error)
        {
            throw new IdxFormatException($"the gzip data is damaged: {error.Message}", error);
        }
    }
}
