namespace MnistApi.Inference.Weights;

/// <summary>From a shape and stored bytes to a tensor; sizes come from files and may be anything.</summary>
public static class TensorDecoder
{
    private const int MaxDimensions = 64; // as many as numpy itself allows

    /// <summary>A tensor without a name; its numbers lie <paramref name="strides"/> apart in the bytes, null for C order.</summary>
    /// <exception cref="WeightsFormatException">The shape does not fit the bytes.</exception>
    public static Tensor Decode(
        IReadOnlyList<long> shape, FloatFormat format, bool isBigEndian, ReadOnlySpan<byte> bytes, long[]? strides = null, long offset = 0)
    {
        int[] dimensions = [.. shape.Select(size => size is >= 0 and <= int.MaxValue ? (int)size : -1)];
        var stored = bytes.Length / format.Bytes();
        try
        {
            var count = dimensions.Aggregate(1, (product, size) => checked(product * size));
            var last = count == 0 || strides is null ? count - 1 : offset; // the farthest number
            for (var d = 0; count > 0 && strides is not null && d < dimensions.Length; d++)
                last = checked(last + strides[d] * (dimensions[d] - 1));
            if (count < 0 || dimensions.Contains(-1) || last >= stored || offset < 0 || strides?.Any(stride => stride < 0) == true
                || dimensions.Length > MaxDimensions)
            {
                throw new OverflowException();
            }
            if (strides is null)
            {
                return count == stored && bytes.Length % format.Bytes() == 0
                    ? new Tensor("", dimensions, format.ReadAll(bytes, isBigEndian))
                    : throw new OverflowException();
            }
            return new Tensor("", dimensions, Gather(dimensions, strides, offset, count, format, isBigEndian, bytes));
        }
        catch (OverflowException error)
        {
            throw new WeightsFormatException(
                $"expected an array of shape [{string.Join(',', shape.Take(MaxDimensions))}] in numbers of {format.Bytes()} bytes"
                + (strides is null ? "" : $", strides {string.Join(',', strides.Take(MaxDimensions))} from {offset}")
                + $", got {bytes.Length} bytes", error);
        }
    }

    /// <summary>A tensor without a name that fills the bytes, its last dimension fastest, or its first where it is Fortran's.</summary>
    /// <exception cref="WeightsFormatException">The shape does not fit the bytes.</exception>
    public static Tensor Decode(IReadOnlyList<long> shape, FloatFormat format, bool isBigEndian, bool isFortran, ReadOnlySpan<byte> bytes)
    {
        var array = Decode(shape, format, isBigEndian, bytes);
        return isFortran ? Decode(shape, format, isBigEndian, bytes, FortranStrides(array.Shape)) : array;
    }

    private static long[] FortranStrides(IReadOnlyList<int> shape)
    {
        var strides = new long[shape.Count];
        var stride = 1L;
        for (var d = 0; d < strides.Length; d++)
        {
            strides[d] = stride;
            stride *= shape[d];
        }
        return strides;
    }

    private static float[] Gather(
        int[] shape, long[] strides, long offset, int count, FloatFormat format, bool isBigEndian, ReadOnlySpan<byte> bytes)
    {
        var values = new float[count];
        Span<int> place = stackalloc int[shape.Length];
        var at = offset;
        for (var i = 0; i < count; i++)
        {
            values[i] = format.Read(bytes[(int)(at * format.Bytes())..], isBigEndian);
            for (var d = shape.Length - 1; d >= 0; d--) // the next place, like a mileage counter
            {
                at += strides[d];
                if (++place[d] < shape[d])
                    break;
                at -= strides[d] * shape[d];
                place[d] = 0;
            }
        }
        return values;
    }
}
