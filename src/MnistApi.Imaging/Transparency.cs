using System.Numerics;

namespace MnistApi.Imaging;

/// <summary>What a picture's opacity means. Its colours come multiplied by the opacity, so that averages of pixels stay right.</summary>
internal static class Transparency
{
    private const int Channels = 4;
    private const int SameColour = 48; // levels: drawing programs round what they blend, so colours that differ by less are one
    private const uint OpaqueBlack = 0xFF000000; // as a number, in which the opacity comes first; transparent pixels are less
    private const int MinVisible = 64; // of 255: a fainter pixel's colour is mostly rounding

    /// <summary>Multiplies a row's colours by the opacity; most rows are opaque.</summary>
    public static ReadOnlySpan<byte> Premultiply(ReadOnlySpan<Rgba32> row, Span<byte> samples)
    {
        if (TensorPrimitives.Min(MemoryMarshal.Cast<Rgba32, uint>(row)) >= OpaqueBlack)
            return MemoryMarshal.AsBytes(row);
        for (int x = 0, at = 0; x < row.Length; x++, at += Channels)
        {
            var pixel = row[x];
            samples[at] = Times(pixel.R, pixel.A);
            samples[at + 1] = Times(pixel.G, pixel.A);
            samples[at + 2] = Times(pixel.B, pixel.A);
            samples[at + 3] = pixel.A;
        }
        return samples;
    }

    /// <summary>Where all that can be seen has one colour, the opacity is the ink: laid over white, white ink would be lost.</summary>
    public static bool TakeAsInk(Page page)
    {
        var plane = page.Plane;
        if (plane.Channels != Channels || !IsOneColour(plane.Pixels))
            return false;
        var grey = new Plane(plane.Width, plane.Height);
        for (var i = 0; i < grey.Pixels.Length; i++)
            grey.Pixels[i] = (byte)(byte.MaxValue - plane.Pixels[i * Channels + 3]);
        page.Replace(grey);
        return true;
    }

    /// <summary>What can be seen through is paper.</summary>
    public static bool LayOverWhite(Page page)
    {
        if (page.Plane.Channels != Channels)
            return false;
        var isSeenThrough = false;
        var colours = new Plane(page.Plane.Width, page.Plane.Height, 3);
        ReadOnlySpan<byte> from = page.Plane.Pixels;
        var to = colours.Pixels;
        for (int source = 0, target = 0; source < from.Length; source += Channels, target += 3)
        {
            var paper = byte.MaxValue - from[source + 3];
            isSeenThrough |= paper > 0;
            to[target] = (byte)(from[source] + paper);
            to[target + 1] = (byte)(from[source + 1] + paper);
            to[target + 2] = (byte)(from[source + 2] + paper);
        }
        page.Replace(colours);
        return isSeenThrough;
    }

    /// <summary>Whether the opacity varies, and the colour of what is not too faint does not.</summary>
    private static bool IsOneColour(ReadOnlySpan<byte> pixels)
    {
        Vector4 min = new(byte.MaxValue), max = Vector4.Zero;
        var sameColour = new Vector4(SameColour, SameColour, SameColour, float.MaxValue);
        var isVarying = false;
        for (var at = 0; at < pixels.Length; at += Channels)
        {
            var alpha = pixels[at + 3];
            isVarying |= alpha != pixels[3];
            if (alpha < MinVisible)
                continue;
            var colour = new Vector4(pixels[at], pixels[at + 1], pixels[at + 2], 0) * (255f / alpha);
            (min, max) = (Vector4.Min(min, colour), Vector4.Max(max, colour));
            if (Vector4.GreaterThanAny(max - min, sameColour))
                return false;
        }
        return isVarying;
    }

    private static byte Times(byte level, byte alpha) => (byte)((level * alpha + 127) / 255);
}
