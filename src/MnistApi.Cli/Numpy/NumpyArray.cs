using System.Buffers.Binary;

namespace MnistApi.Cli.Numpy;

/// <summary>The float types that a network's parameters come in.</summary>
public enum NumpyType
{
    Float32,
    Float64,
}

/// <summary>A numpy array of floats as float32, in C order (last dimension fastest) whatever order it was stored in.</summary>
public sealed record NumpyArray(IReadOnlyList<int> Shape, float[] Values)
{
    /// <summary>The most bytes that the arrays of one file may have together, 256 MiB: a small network has far less, a bomb far more.</summary>
    public const int MaxFileBytes = 256 << 20;

    /// <summary>As many dimensions as numpy itself allows.</summary>
    private const int MaxDimensions = 64;

    /// <summary>Decodes stored bytes.</summary>
    /// <exception cref="NumpyFormatException">The byte count does not fit the shape, or a number is beyond float32.</exception>
    public static NumpyArray Decode(IReadOnlyList<long> shape, NumpyType type, bool isBigEndian, bool isFortranOrder, ReadOnlySpan<byte> bytes)
    {
        var size = type == NumpyType.Float32 ? sizeof(float) : sizeof(double);
        if (shape.Count > MaxDimensions)
            throw new NumpyFormatException($"expected at most {MaxDimensions} dimensions, got {shape.Count}");
        if (shape.Any(dimension => dimension is < 0 or > int.MaxValue) || !Product(shape, out var count) || count != bytes.Length / size || bytes.Length % size != 0)
            throw new NumpyFormatException($"expected an array of shape [{string.Join(',', shape)}] in numbers of {size} bytes, got {bytes.Length} bytes");

        var dimensions = shape.Select(dimension => (int)dimension).ToArray();
        var values = new float[count];
        for (var i = 0; i < values.Length; i++)
        {
            var number = Number(bytes.Slice(i * size, size), type, isBigEndian);
            if (double.IsFinite(number) && !float.IsFinite((float)number))
                throw new NumpyFormatException($"{number} does not fit a float32");
            values[isFortranOrder ? RowMajorIndex(i, dimensions) : i] = (float)number;
        }
        return new NumpyArray(dimensions, values);
    }

    private static double Number(ReadOnlySpan<byte> bytes, NumpyType type, bool isBigEndian) => (type, isBigEndian) switch
    {
        (NumpyType.Float32, false) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        (NumpyType.Float32, true) => BinaryPrimitives.ReadSingleBigEndian(bytes),
        (NumpyType.Float64, false) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleBigEndian(bytes),
    };

    /// <summary>Where the i-th number in Fortran order (first dimension fastest) stands in C order.</summary>
    private static int RowMajorIndex(int i, int[] shape)
    {
        var index = 0;
        Span<int> place = stackalloc int[shape.Length];
        for (var d = 0; d < shape.Length; d++)
        {
            place[d] = i % shape[d];
            i /= shape[d];
        }
        for (var d = 0; d < shape.Length; d++)
            index = index * shape[d] + place[d];
        return index;
    }

    private static bool Product(IReadOnlyList<long> shape, out long product)
    {
        product = 1;
        foreach (var dimension in shape)
        {
            if (dimension != 0 && product > int.MaxValue / dimension)
                return false;
            product *= dimension;
        }
        return true;
    }

    /// <summary>Reads a numpy type string, such as &lt;f4: byte order, kind, bytes.</summary>
    /// <exception cref="NumpyFormatException">It is not float32 or float64.</exception>
    public static (NumpyType Type, bool IsBigEndian) ParseType(string text)
    {
        var isBigEndian = text.StartsWith('>');
        return (text.TrimStart('<', '>', '=') switch
        {
            "f4" => NumpyType.Float32,
            "f8" => NumpyType.Float64,
            _ => throw new NumpyFormatException($"expected numbers of the type float32 (f4) or float64 (f8), got '{text}'"),
        }, isBigEndian);
    }
}
