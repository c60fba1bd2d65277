using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Pickles;

/// <summary>A pickle's bytes, how far they are read, and how lengths, numbers and texts are written in them.</summary>
internal sealed class PickleInput(ReadOnlyMemory<byte> pickle)
{
    public int At { get; private set; }

    public int Length => pickle.Length;

    public byte Byte() => Bytes(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(sizeof(ushort)));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    public long Length64() => checked((long)BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong))));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(sizeof(double)));

    public string Utf8(long length) => new UTF8Encoding(false, true).GetString(Bytes(length));

    public string Latin1(long length) => Encoding.Latin1.GetString(Bytes(length));

    public ReadOnlySpan<byte> Bytes(long count) => Memory(count).Span;

    public ReadOnlyMemory<byte> Memory(long count)
    {
        if (count < 0 || count > pickle.Length - At)
        {
            throw new WeightsFormatException(
                $"the pickle is truncated: {count} bytes are needed at byte {At}, {pickle.Length - At} are left");
        }
        At += (int)count;
        return pickle.Slice(At - (int)count, (int)count);
    }

    /// <summary>The text up to the next line end, byte for byte.</summary>
    public string Line()
    {
        var end = pickle.Span[At..].IndexOf((byte)'\n');
        if (end < 0)
            throw new WeightsFormatException($"the pickle is truncated: the line at byte {At} does not end");
        var line = Latin1(end);
        At++;
        return line;
    }

    /// <summary>A whole number of any length up to 8 bytes, two's complement.</summary>
    public long Integer(long length)
    {
        var bytes = Bytes(length);
        if (length > sizeof(long))
            throw new WeightsFormatException($"expected whole numbers of at most {sizeof(long)} bytes, got {length}");
        var value = bytes.Length > 0 && (bytes[^1] & 0x80) != 0 ? -1L : 0L;
        for (var i = bytes.Length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        return value;
    }

    /// <summary>A number in digits: 00 and 01 are protocol 0's False and True.</summary>
    public object IntegerLine() => Line() switch
    {
        "00" => false,
        "01" => true,
        var text => long.Parse(text.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
    };

    public long PlaceLine() => long.Parse(Line(), NumberStyles.None, CultureInfo.InvariantCulture);

    public double FloatLine() => double.Parse(Line(), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Python 2's text in quotes, with backslashes before what cannot stand in a line.</summary>
    public string QuotedLine()
    {
        var line = Line();
        return line is ['\'', .., '\''] or ['"', .., '"']
            ? Unescape(line[1..^1], isUnicode: false)
            : throw new FormatException();
    }

    /// <summary>Text with \u and \U before what does not fit a byte.</summary>
    public string UnicodeLine() => Unescape(Line(), isUnicode: true);

    private static string Unescape(string text, bool isUnicode)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length || (isUnicode && text[i + 1] is not ('u' or 'U')))
            {
                result.Append(text[i]);
                continue;
            }
            var digits = text[++i] switch { 'x' => 2, 'u' when isUnicode => 4, 'U' when isUnicode => 8, _ => 0 };
            result.Append(digits > 0
                ? char.ConvertFromUtf32(int.Parse(text.AsSpan(i + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
                : text[i] switch { 'n' => "\n", 'r' => "\r", 't' => "\t", var other => other.ToString() });
            i += digits;
        }
        return result.ToString();
    }
}
