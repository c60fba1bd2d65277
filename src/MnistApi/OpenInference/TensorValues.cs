using System.Numerics;
using System.Runtime.InteropServices;
using MnistApi.Inference;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.OpenInference;

/// <summary>Pixels from values of any numeric datatype into a batch, each checked to lie within 0..255.</summary>
internal static class TensorValues
{
    /// <param name="raw">The elements as they are in memory: little-endian, without gaps.</param>
    /// <param name="datatype">Their type.</param>
    /// <param name="batch">Receives the images.</param>
    /// <exception cref="RefusedException">A value is no pixel.</exception>
    public static void Read(ReadOnlySpan<byte> raw, Datatype datatype, PixelBatch batch)
    {
        switch (datatype)
        {
            case Datatype.UInt8: raw.CopyTo(batch.AddBytes(raw.Length / MnistImage.Pixels)); break;
            case Datatype.Bool: ReadTruths(raw, batch); break;
            case Datatype.Int8: ReadWhole(MemoryMarshal.Cast<byte, sbyte>(raw), batch); break;
            case Datatype.UInt16: ReadWhole(MemoryMarshal.Cast<byte, ushort>(raw), batch); break;
            case Datatype.Int16: ReadWhole(MemoryMarshal.Cast<byte, short>(raw), batch); break;
            case Datatype.UInt32: ReadWhole(MemoryMarshal.Cast<byte, uint>(raw), batch); break;
            case Datatype.Int32: ReadWhole(MemoryMarshal.Cast<byte, int>(raw), batch); break;
            case Datatype.UInt64: ReadWhole(MemoryMarshal.Cast<byte, ulong>(raw), batch); break;
            case Datatype.Int64: ReadWhole(MemoryMarshal.Cast<byte, long>(raw), batch); break;
            case Datatype.Fp16: ReadReal(MemoryMarshal.Cast<byte, Half>(raw), batch); break;
            case Datatype.Fp32: ReadReal(MemoryMarshal.Cast<byte, float>(raw), batch); break;
            case Datatype.Fp64: ReadReal(MemoryMarshal.Cast<byte, double>(raw), batch); break;
            default: throw new ArgumentOutOfRangeException(nameof(datatype));
        }
    }

    public static void ReadWhole<T>(ReadOnlySpan<T> values, PixelBatch batch)
        where T : unmanaged, IBinaryInteger<T>
    {
        var max = T.CreateSaturating(MnistImage.FullInk); // 127 for INT8
        var pixels = batch.AddBytes(values.Length / MnistImage.Pixels);
        for (var i = 0; i < values.Length; i++)
        {
            if (T.IsNegative(values[i]) || values[i] > max)
                throw NoPixel(i, $"{values[i]}");
            pixels[i] = byte.CreateTruncating(values[i]);
        }
    }

    public static void ReadReal<T>(ReadOnlySpan<T> values, PixelBatch batch)
        where T : unmanaged, IFloatingPoint<T>
    {
        var max = T.CreateChecked(MnistImage.FullInk);
        var pixels = batch.AddFloats(values.Length / MnistImage.Pixels);
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= T.Zero && values[i] <= max))
                throw NoPixel(i, values[i].ToString(null, System.Globalization.CultureInfo.InvariantCulture));
            pixels[i] = float.CreateTruncating(values[i]);
        }
    }

    /// <summary>Where a value is wrong, as in pixels[3][28].</summary>
    public static string Place(int index) => $"{Tensors.Pixels}[{index / MnistImage.Pixels}][{index % MnistImage.Pixels}]";

    public static RefusedException NoPixel(int index, string value, string expected = "0..255") =>
        new(Refusal.Malformed, $"{Place(index)} is {value}, expected {expected}");

    /// <summary>
    /// Sets what the batch is divided by, where the request does not say it. UINT8 is 0..255, as in a raw body of /predict; numbers of
    /// other types that all lie within 0..1 are normalised already, as in its JSON.
    /// </summary>
    public static void ApplyScale(PixelBatch batch, Datatype datatype, int? scale)
    {
        if (scale is null && datatype == Datatype.UInt8)
            scale = MnistImage.FullInk;
        var above = scale == MnistImage.FullInk ? -1 : FirstAboveOne(batch);
        if (scale == 1 && above >= 0)
            throw NoPixel(above, Value(batch, above), $"0..1 as {InferRequest.ScaleKey} is 1");
        if (scale is null && above >= 0 && batch.IsScaleUncertain())
        {
            throw new RefusedException(Refusal.Malformed,
                $"{Place(above)} is {Value(batch, above)}{PixelBatch.ScaleUncertain(InferRequest.ScaleKey)}");
        }
        batch.Scale = scale ?? (above < 0 ? 1 : MnistImage.FullInk);
    }

    private static void ReadTruths(ReadOnlySpan<byte> raw, PixelBatch batch)
    {
        var other = raw.IndexOfAnyExceptInRange((byte)0, (byte)1);
        if (other >= 0)
            throw NoPixel(other, $"{raw[other]}", "0 or 1 for BOOL");
        raw.CopyTo(batch.AddBytes(raw.Length / MnistImage.Pixels));
    }

    private static int FirstAboveOne(PixelBatch batch)
    {
        if (batch.IsBytes)
            return batch.Bytes.Span.IndexOfAnyExceptInRange((byte)0, (byte)1);
        var pixels = batch.Floats.Span;
        for (var i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] > 1)
                return i;
        }
        return -1;
    }

    private static string Value(PixelBatch batch, int index) =>
        FormattableString.Invariant($"{(batch.IsBytes ? batch.Bytes.Span[index] : batch.Floats.Span[index])}");
}
