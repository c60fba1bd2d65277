using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Imaging;

/// <summary>What a picture's opacity means. Its colours come multiplied by the opacity, so that averages of pixels stay right.</summary>
internal static class Transparency
{
    private const int Channels = 4;
    private const int Alpha = 3;
    private const int SameColour = 48; // levels: drawing programs round what they blend, so colours that differ by less are one
    private const int MinVisible = 64; // of 255: a fainter pixel's colour is mostly rounding

    /// <summary>Multiplies a row's colours by the opacity.</summary>
    public static ReadOnlySpan<byte> Premultiply(ReadOnlySpan<Rgba32> row, Span<byte> samples)
    {
        for (int x = 0, at = 0; x < row.Length; x++, at += Channels)
        {
            var pixel = row[x];
            samples[at] = Times(pixel.R, pixel.A);
            samples[at + 1] = Times(pixel.G, pixel.A);
            samples[at + 2] = Times(pixel.B, pixel.A);
            samples[at + Alpha] = pixel.A;
        }
        return samples;
    }

    /// <summary>Where all that can be seen has one colour, the opacity is the ink: laid over white, white ink would be lost.</summary>
    public static bool TakeAsInk(Page page)
    {
        if (page.Plane.Channels != Channels || !IsOneColour(page.Plane.Pixels))
            return false;
        var grey = new Plane(page.Plane.Width, page.Plane.Height);
        for (int i = 0, at = Alpha; i < grey.Pixels.Length; i++, at += Channels)
            grey.Pixels[i] = (byte)(byte.MaxValue - page.Plane.Pixels[at]);
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
            var paper = byte.MaxValue - from[source + Alpha];
            isSeenThrough |= paper > 0;
            to[target] = (byte)Math.Min(byte.MaxValue, from[source] + paper);
            to[target + 1] = (byte)Math.Min(byte.MaxValue, from[source + 1] + paper);
            to[target + 2] = (byte)Math.Min(byte.MaxValue, from[source + 2] + paper);
        }
        page.Replace(colours);
        return isSeenThrough;
    }

    /// <summary>Whether the opacity varies, and the colour of what is not too faint does not.</summary>
    private static bool IsOneColour(ReadOnlySpan<byte> pixels)
    {
        int minAlpha = 255, maxAlpha = 0;
        Span<int> min = [255, 255, 255], max = [0, 0, 0];
        for (var at = 0; at < pixels.Length; at += Channels)
        {
            int alpha = pixels[at + Alpha];
            minAlpha = Math.Min(minAlpha, alpha);
            maxAlpha = Math.Max(maxAlpha, alpha);
            if (alpha < MinVisible)
                continue;
            for (var channel = 0; channel < min.Length; channel++)
            {
                var level = alpha == 255 ? pixels[at + channel] : pixels[at + channel] * 255 / alpha;
                min[channel] = Math.Min(min[channel], level);
                max[channel] = Math.Max(max[channel], level);
                if (max[channel] - min[channel] >= SameColour)
                    return false;
            }
        }
        return minAlpha < maxAlpha;
    }

    private static byte Times(byte level, byte alpha) => (byte)((level * alpha + 127) / 255);
}
