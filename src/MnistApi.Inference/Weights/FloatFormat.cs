using System.Buffers.Binary;

namespace MnistApi.Inference.Weights;

/// <summary>The floating-point formats in which files keep a network's parameters.</summary>
public enum FloatFormat
{
    /// <summary>IEEE 754 binary16, 2 bytes.</summary>
    Float16,

    /// <summary>The upper half of a float32, 2 bytes.</summary>
    BFloat16,

    /// <summary>IEEE 754 binary32, 4 bytes.</summary>
    Float32,

    /// <summary>IEEE 754 binary64, 8 bytes.</summary>
    Float64,
}

/// <summary>From stored bytes to float32.</summary>
public static class FloatFormats
{
    /// <summary>The bytes that one number takes.</summary>
    public static int Bytes(this FloatFormat format) => format switch
    {
        FloatFormat.Float32 => sizeof(float),
        FloatFormat.Float64 => sizeof(double),
        _ => sizeof(ushort),
    };

    /// <summary>The number that <paramref name="bytes"/> begin with; a float64 beyond float32's range becomes infinite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are too few bytes.</exception>
    public static float Read(this FloatFormat format, ReadOnlySpan<byte> bytes, bool isBigEndian = false) => (format, isBigEndian) switch
    {
        (FloatFormat.Float16, false) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        (FloatFormat.Float16, true) => (float)BinaryPrimitives.ReadHalfBigEndian(bytes),
        (FloatFormat.BFloat16, false) => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        (FloatFormat.BFloat16, true) => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16BigEndian(bytes) << 16),
        (FloatFormat.Float32, false) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        (FloatFormat.Float32, true) => BinaryPrimitives.ReadSingleBigEndian(bytes),
        (FloatFormat.Float64, false) => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        _ => (float)BinaryPrimitives.ReadDoubleBigEndian(bytes),
    };

    /// <summary>Little-endian float32.</summary>
    public static byte[] Write(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return bytes;
    }

    /// <summary>All the numbers that lies in <paramref name="bytes"/>.</summary>
    public static float[] ReadAll(this FloatFormat format, ReadOnlySpan<byte> bytes, bool isBigEndian = false)
    {
        var size = format.Bytes();
        var values = new float[bytes.Length / size];
        for (var i = 0; i < values.Length; i++)
            values[i] = format.Read(bytes[(i * size)..], isBigEndian);
        return values;
    }
}
