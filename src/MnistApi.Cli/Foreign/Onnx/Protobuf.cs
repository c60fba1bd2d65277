using System.Buffers.Binary;
using System.Text;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Onnx;

/// <summary>
/// Reads the fields of one protocol buffer in turn: a number, or bytes, which may be a message again. Nothing is nested here.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public int Field { get; private set; }

    /// <summary>A field's whole number.</summary>
    public long Number { get; private set; }

    /// <summary>A field's bytes; of a number of fixed width its 4 or 8 bytes, little-endian.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    public readonly float Single => Bytes.Length == sizeof(float) ? BinaryPrimitives.ReadSingleLittleEndian(Bytes) : 0;

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="WeightsFormatException">A length or a number cannot be.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        var key = Varint();
        Field = key is >= 1 << 3 and <= uint.MaxValue ? (int)(key >> 3) : throw Damaged();
        Number = 0;
        Bytes = [];
        if ((key & 7) == 0)
            Number = Varint();
        else
            Bytes = Take((key & 7) switch { 1 => sizeof(double), 5 => sizeof(float), 2 => Varint(), _ => throw Damaged() });
        return true;
    }

    /// <summary>The field's numbers: one, or many packed together.</summary>
    public readonly void AddNumbersTo(List<long> numbers)
    {
        if (Bytes.IsEmpty)
            numbers.Add(Number);
        for (var packed = new ProtobufReader(Bytes); !packed._rest.IsEmpty;)
            numbers.Add(packed.Varint());
    }

    private long Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return (long)value;
        }
        throw Damaged();
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _rest.Length)
            throw Damaged();
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private static WeightsFormatException Damaged() => new("the ONNX file is damaged: a number or a length in it cannot be");
}

/// <summary>Writes a protocol buffer field by field.</summary>
internal sealed class ProtobufWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public ProtobufWriter Add(int field, long value) => Varint((ulong)field << 3).Varint((ulong)value);

    public ProtobufWriter Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    public ProtobufWriter Add(int field, ProtobufWriter message) => Add(field, message.ToArray());

    public ProtobufWriter Add(int field, byte[] bytes)
    {
        Varint(((ulong)field << 3) | 2).Varint((ulong)bytes.Length);
        _bytes.AddRange(bytes);
        return this;
    }

    private ProtobufWriter Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
        return this;
    }
}
