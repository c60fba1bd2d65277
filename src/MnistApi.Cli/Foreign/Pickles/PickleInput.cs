using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Pickles;

/// <summary>A pickle's bytes, how far they are read, and how numbers and texts are written in them.</summary>
internal sealed partial class PickleInput(ReadOnlyMemory<byte> pickle)
{
    public int At { get; private set; }

    public int Left => pickle.Length - At;

    public ReadOnlyMemory<byte> Bytes(long count)
    {
        if (count < 0 || count > Left)
            throw new WeightsFormatException($"the pickle is truncated: {count} bytes are needed at byte {At}, {Left} are left");
        At += (int)count;
        return pickle.Slice(At - (int)count, (int)count);
    }

    /// <summary>A whole number of so many bytes, the least significant first; its sign is two's complement.</summary>
    public long Integer(long length, bool isSigned = false)
    {
        var bytes = Bytes(length).Span;
        if (length > sizeof(long))
            throw new WeightsFormatException($"expected whole numbers of at most {sizeof(long)} bytes, got {length}");
        var value = isSigned && bytes is [.., >= 0x80] ? -1L : 0L;
        for (var i = bytes.Length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        return value;
    }

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(sizeof(double)).Span);

    public string Utf8(long length) => new UTF8Encoding(false, true).GetString(Bytes(length).Span);

    public string Latin1(long length) => Encoding.Latin1.GetString(Bytes(length).Span);

    /// <summary>The text up to the next line end, byte for byte.</summary>
    public string Line()
    {
        var end = pickle.Span[At..].IndexOf((byte)'\n');
        return end >= 0 ? Latin1(end + 1)[..^1]
            : throw new WeightsFormatException($"the pickle is truncated: the line at byte {At} does not end");
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

    /// <summary>Python 2's text in quotes.</summary>
    public string QuotedLine() => Line() is [('\'' or '"') and var quote, .. var text, var end] && end == quote
        ? Unescape(text)
        : throw new FormatException();

    /// <summary>Text with backslashes before what cannot stand in a line.</summary>
    public string TextLine() => Unescape(Line());

    private static string Unescape(string text) => Escape().Replace(text, match => match.Value[1] switch
    {
        _ when match.Length > 2 => char.ConvertFromUtf32(
            int.Parse(match.ValueSpan[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)),
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        var other => other.ToString(),
    });

    [GeneratedRegex(@"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", RegexOptions.Singleline)]
    private static partial Regex Escape();
}
