using System.IO.Hashing;
using System.Text;

namespace MnistApi.Imaging;

/// <summary>
/// The parts of a PNG that make its picture, checked before anything is decoded. The decoder (ImageSharp 2.1) takes much on
/// trust: given too little data it makes half a picture, or waits without end where the picture is interlaced; it stops at a
/// chunk between two of the data's; it reads beyond a palette that is too short. So it is shown only files that are right, and
/// of these only what makes the picture, see <see cref="StoredPng"/>.
/// </summary>
internal readonly ref struct PngFile
{
    public const int ChunkOverhead = 12; // length, type and checksum
    private const int HeaderLength = 13;
    private const int MinInterlacedWidth = 5; // the decoder mixes up the rows of narrower ones

    private readonly ReadOnlySpan<byte> _file;
    private readonly ReadOnlySpan<byte> _transparency;
    private readonly int _dataStart; // of the first data chunk, from its length on
    private readonly int _dataEnd;

    private PngFile(
        ReadOnlySpan<byte> file, PngHeader header, int orientation,
        ReadOnlySpan<byte> palette, ReadOnlySpan<byte> transparency, int dataStart, int dataEnd)
    {
        _file = file;
        (Header, Orientation) = (header, orientation);
        Palette = header.Colour == PngHeader.Palette ? new PngPalette(palette, header.Depth) : null;
        _transparency = transparency;
        (_dataStart, _dataEnd) = (dataStart, dataEnd);
    }

    public PngHeader Header { get; }

    /// <summary>How it is to be turned once it is decoded, see <see cref="Imaging.Orientation"/>.</summary>
    public int Orientation { get; }

    /// <summary>The colours that its pixels are indices of; null where they are none.</summary>
    public PngPalette? Palette { get; }

    /// <summary>Grey without transparency: its levels, of whatever depth, are the picture.</summary>
    public bool IsGrey => Header.Colour == PngHeader.Grey && _transparency.IsEmpty;

    /// <summary>Whether pixels may be transparent.</summary>
    public bool HasAlpha => !_transparency.IsEmpty || Header.Colour is PngHeader.GreyAlpha or PngHeader.RgbAlpha;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>For bytes that begin with the signature: reads the header, and checks all chunks' lengths, checksums and order.</summary>
    /// <exception cref="PictureException">It is truncated or damaged.</exception>
    public static PngFile Read(ReadOnlySpan<byte> file)
    {
        var at = Signature.Length;
        var content = NextChunk(file, ref at, out var type, out _);
        if (type.SequenceEqual("CgBI"u8))
            throw Damaged("it is Apple's own variant of PNG (CgBI), made for apps on iPhones; send the picture that it was made from");
        if (!type.SequenceEqual("IHDR"u8) || content.Length != HeaderLength)
            throw Damaged("its first chunk is not a header");
        var header = ReadHeader(content);
        ReadOnlySpan<byte> palette = default, transparency = default;
        int dataStart = 0, dataEnd = 0, orientation = Imaging.Orientation.Upright;
        while (true)
        {
            var start = at;
            content = NextChunk(file, ref at, out type, out var isRight);
            if (!isRight)
                continue;
            if (type.SequenceEqual("IDAT"u8))
            {
                if (dataStart > 0 && dataEnd != start)
                    throw Damaged("its data is interrupted by another chunk");
                dataStart = dataStart == 0 ? start : dataStart;
                dataEnd = at;
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                break;
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                if (!palette.IsEmpty || dataStart > 0 || content.Length == 0 || content.Length % 3 != 0 || content.Length > 3 * 256
                    || (header.Colour == PngHeader.Palette && content.Length > 3 << header.Depth))
                {
                    throw Damaged($"it has a palette of {content.Length} bytes, or in the wrong place");
                }
                palette = content;
            }
            else if (type.SequenceEqual("tRNS"u8))
            {
                if (!transparency.IsEmpty || dataStart > 0 || !IsTransparency(content.Length, header.Colour, palette.Length / 3))
                    throw Damaged($"it has a transparency chunk of {content.Length} bytes, or in the wrong place");
                transparency = content;
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                orientation = Imaging.Orientation.Of(content);
            }
            else if (char.IsAsciiLetterUpper((char)type[0]) || !char.IsAsciiLetter((char)type[0]))
            {
                throw Damaged(
                    $"it has a chunk of the critical type {Convert.ToHexString(type)}, which is none for a picture, or a second header");
            }
        }
        if (dataStart == 0)
            throw Damaged("it has no picture data");
        if (header.Colour == PngHeader.Palette && palette.IsEmpty)
            throw Damaged("it has no palette");
        if (header.IsInterlaced && header.Width < MinInterlacedWidth)
            throw Damaged($"interlaced pictures are read from {MinInterlacedWidth} pixels a row on, this one has {header.Width}");
        return new PngFile(file, header, orientation, palette, transparency, dataStart, dataEnd);
    }

    /// <summary>No less room than its data takes as it is packed.</summary>
    public int MaxPackedBytes => _dataEnd - _dataStart;

    /// <summary>The chunks before the data that the decoder needs.</summary>
    public byte[] HeadChunks() =>
    [
        .. StoredPng.Chunk("IHDR"u8, _file.Slice(Signature.Length + 8, HeaderLength)),
        .. Palette is null ? [] : StoredPng.Chunk("PLTE"u8, Palette.Full),
        .. _transparency.IsEmpty ? [] : StoredPng.Chunk("tRNS"u8, _transparency),
    ];

    /// <summary>Puts the data of all chunks side by side; returns how many bytes it has.</summary>
    public int CopyData(Span<byte> packed)
    {
        var length = 0;
        for (var at = _dataStart; at < _dataEnd;)
        {
            var content = _file.Slice(at + 8, BinaryPrimitives.ReadInt32BigEndian(_file[at..]));
            content.CopyTo(packed[length..]);
            length += content.Length;
            at += content.Length + ChunkOverhead;
        }
        return length;
    }

    private static PngHeader ReadHeader(ReadOnlySpan<byte> content)
    {
        var width = BinaryPrimitives.ReadUInt32BigEndian(content);
        var height = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw Damaged($"its size is {width}x{height}");
        byte depth = content[8], colour = content[9], compression = content[10], filter = content[11], interlace = content[12];
        var header = new PngHeader((int)width, (int)height, depth, colour, interlace == 1);
        return header.IsPossible && compression == 0 && filter == 0 && interlace <= 1
            ? header
            : throw Damaged(
                $"its header has colour type {colour}, bit depth {depth}, compression {compression}, filter {filter}, "
                + $"interlace {interlace}");
    }

    private static bool IsTransparency(int length, byte colour, int paletteEntries) => colour switch
    {
        PngHeader.Grey => length == 2,
        PngHeader.Rgb => length == 6,
        PngHeader.Palette => length > 0 && length <= paletteEntries,
        _ => false,
    };

    /// <summary>Whether the picture is the same without a chunk: an ancillary one, and not what is left of a transparency's name.</summary>
    private static bool CanBeMissed(ReadOnlySpan<byte> type) =>
        char.IsAsciiLetterLower((char)type[0]) && type.ToArray().Zip("tRNS"u8.ToArray()).Count(pair => pair.First == pair.Second) < 3;

    /// <param name="file">The file.</param>
    /// <param name="at">Where the chunk begins; afterwards, where it ended.</param>
    /// <param name="type">Its type.</param>
    /// <param name="isRight">Whether its checksum is; if not, it is one to pass over, as viewers do.</param>
    private static ReadOnlySpan<byte> NextChunk(ReadOnlySpan<byte> file, scoped ref int at, out ReadOnlySpan<byte> type, out bool isRight)
    {
        var rest = file[at..];
        if (rest.Length < ChunkOverhead)
            throw Damaged("it ends before its end chunk");
        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - ChunkOverhead)
            throw Damaged($"a chunk of {length} bytes begins {rest.Length} bytes before its end");
        var typeAndContent = rest.Slice(4, 4 + (int)length);
        type = typeAndContent[..4];
        isRight = Crc32.HashToUInt32(typeAndContent) == BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]);
        if (!isRight && !CanBeMissed(type))
        {
            var name = Encoding.Latin1.GetString(type);
            throw Damaged($"the checksum of its chunk {(name.All(char.IsAsciiLetter) ? name : Convert.ToHexString(type))} is wrong");
        }
        at += ChunkOverhead + (int)length;
        return typeAndContent[4..];
    }

    public static PictureException Damaged(string what) => new(PictureError.Damaged, $"the PNG is truncated or damaged: {what}");
}
