using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistApi.OpenInference;

/// <summary>Pixels from values of any numeric datatype into a batch, each checked to lie within 0..255.</summary>
internal static class TensorValues
{
    private const string Expected = "0..255";

    /// <summary>How a datatype's elements are read, and how many bytes one has: little-endian, without gaps.</summary>
    private static readonly Dictionary<Datatype, (int Size, Action<ReadOnlySpan<byte>, PixelBatch> Read)> s_types = new()
    {
        [Datatype.Bool] = Of<byte>(max: 1, expected: "0 or 1 for BOOL"),
        [Datatype.UInt8] = Of<byte>(),
        [Datatype.UInt16] = Of<ushort>(),
        [Datatype.UInt32] = Of<uint>(),
        [Datatype.UInt64] = Of<ulong>(),
        [Datatype.Int8] = Of<sbyte>(),
        [Datatype.Int16] = Of<short>(),
        [Datatype.Int32] = Of<int>(),
        [Datatype.Int64] = Of<long>(),
        [Datatype.Fp16] = Of<Half>(isFloat: true),
        [Datatype.Fp32] = Of<float>(isFloat: true),
        [Datatype.Fp64] = Of<double>(isFloat: true),
    };

    public static int Size(Datatype datatype) => s_types[datatype].Size;

    /// <summary>Adds whole images from their elements as they are in memory.</summary>
    public static void Read(ReadOnlySpan<byte> raw, Datatype datatype, PixelBatch batch) => s_types[datatype].Read(raw, batch);

    public static RefusedException NoPixel(int index, string value, string expected = Expected) =>
        new(Refusal.Malformed, $"{Place(index)} is {value}, expected {expected}");

    /// <summary>
    /// Sets what the batch is divided by. UINT8 is 0..255 where the request does not say it, as in a raw body of /predict; for numbers of
    /// other types the rule is that of its JSON.
    /// </summary>
    public static void ApplyScale(PixelBatch batch, Datatype datatype, int? scale)
    {
        scale ??= datatype == Datatype.UInt8 ? MnistImage.FullInk : null;
        var above = scale == MnistImage.FullInk ? -1 : batch.FirstAboveOne();
        if (!batch.TrySetScale(scale, above >= 0))
        {
            var value = batch[above / MnistImage.Pixels, above % MnistImage.Pixels];
            throw PixelBatch.NoScale(scale, FormattableString.Invariant($"{Place(above)} is {value}"));
        }
    }

    private static (int Size, Action<ReadOnlySpan<byte>, PixelBatch> Read) Of<T>(
        bool isFloat = false, int max = MnistImage.FullInk, string expected = Expected)
        where T : unmanaged, INumber<T>
    {
        return (Unsafe.SizeOf<T>(), Read);

        void Read(ReadOnlySpan<byte> raw, PixelBatch batch)
        {
            var values = MemoryMarshal.Cast<byte, T>(raw);
            if (isFloat)
                Convert(values, batch.AddFloats(values.Length / MnistImage.Pixels));
            else
                Convert(values, batch.AddBytes(values.Length / MnistImage.Pixels));
        }

        void Convert<TPixel>(ReadOnlySpan<T> values, Span<TPixel> pixels)
            where TPixel : unmanaged, INumber<TPixel>
        {
            var wrong = values.IndexOfAnyExceptInRange(T.Zero, T.CreateSaturating(max)); // 127 for INT8
            if (wrong >= 0)
                throw NoPixel(wrong, values[wrong].ToString(null, CultureInfo.InvariantCulture), expected);
            if (typeof(T) == typeof(TPixel))
            {
                MemoryMarshal.Cast<T, TPixel>(values).CopyTo(pixels);
                return;
            }
            for (var i = 0; i < values.Length; i++)
                pixels[i] = TPixel.CreateTruncating(values[i]);
        }
    }

    /// <summary>Where a value is, as in pixels[3][28].</summary>
    private static string Place(int index) => $"{Tensors.Pixels}[{index / MnistImage.Pixels}][{index % MnistImage.Pixels}]";
}
