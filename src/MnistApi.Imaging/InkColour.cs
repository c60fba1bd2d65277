namespace MnistApi.Imaging;

/// <summary>
/// Colours to one grey in which ink and ground lie apart: the position along the line from the ground's colour to the ink's.
/// Luminance alone would not tell red ink from blue paper that is as dark.
/// </summary>
internal static class InkColour
{
    private const int Channels = 3;
    private const int Samples = 1 << 14;
    private const int Rounds = 12; // of the power iteration; colours need few

    /// <param name="colours">Red, green and blue interleaved, so three times as wide as the picture.</param>
    /// <param name="preprocess">None: luma, whatever the colours.</param>
    /// <param name="steps">Receives <see cref="Steps.InkColour"/> where the picture is not grey.</param>
    public static Plane ToGrey(Plane colours, Preprocess preprocess, ref Steps steps)
    {
        var plane = new Plane(colours.Width / Channels, colours.Height);
        if (IsGrey(colours.Pixels))
        {
            var pixels = plane.Pixels;
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = colours.Pixels[i * Channels];
            return plane;
        }
        if (preprocess == Preprocess.None)
        {
            Project(colours, 0.299f, 0.587f, 0.114f, plane); // ITU-R BT.601
            return plane;
        }
        steps |= Steps.InkColour;
        var (red, green, blue) = Axis(colours);
        Project(colours, red, green, blue, plane);
        return plane;
    }

    private static bool IsGrey(ReadOnlySpan<byte> colours)
    {
        for (var i = 0; i < colours.Length; i += Channels)
        {
            if (colours[i] != colours[i + 1] || colours[i] != colours[i + 2])
                return false;
        }
        return true;
    }

    /// <summary>
    /// The direction in which colours go away from the border's: the principal axis of the differences, each weighted by
    /// its square, so that few pixels of ink outweigh much uneven light.
    /// </summary>
    private static (float Red, float Green, float Blue) Axis(Plane colours)
    {
        Span<int> ground = stackalloc int[Channels];
        for (var channel = 0; channel < Channels; channel++)
            ground[channel] = Border.Of(colours, channel, Channels).Median;
        double rr = 0, gg = 0, bb = 0, rg = 0, rb = 0, gb = 0;
        var pixels = colours.Pixels;
        var step = Math.Max(1, pixels.Length / Channels / Samples) * Channels;
        for (var i = 0; i < pixels.Length; i += step)
        {
            double r = pixels[i] - ground[0], g = pixels[i + 1] - ground[1], b = pixels[i + 2] - ground[2];
            var weight = r * r + g * g + b * b;
            rr += weight * r * r;
            gg += weight * g * g;
            bb += weight * b * b;
            rg += weight * r * g;
            rb += weight * r * b;
            gb += weight * g * b;
        }
        if (rr + gg + bb == 0)
            return (1, 1, 1);
        // begin with the channel that varies most: never at right angles to the axis
        var (x, y, z) = rr >= gg && rr >= bb ? (rr, rg, rb) : gg >= bb ? (rg, gg, gb) : (rb, gb, bb);
        for (var round = 0; round < Rounds; round++)
        {
            (x, y, z) = (rr * x + rg * y + rb * z, rg * x + gg * y + gb * z, rb * x + gb * y + bb * z);
            var length = Math.Sqrt(x * x + y * y + z * z);
            (x, y, z) = (x / length, y / length, z / length);
        }
        return x + y + z >= 0 ? ((float)x, (float)y, (float)z) : ((float)-x, (float)-y, (float)-z); // light stays light
    }

    /// <summary>Weighs the channels so that the result lies within 0..255.</summary>
    private static void Project(Plane colours, float red, float green, float blue, Plane grey)
    {
        const int Fraction = 16;
        var scale = (1 << Fraction) / (Math.Abs(red) + Math.Abs(green) + Math.Abs(blue));
        int r = (int)(red * scale), g = (int)(green * scale), b = (int)(blue * scale);
        var least = 255 * (Math.Min(0, r) + Math.Min(0, g) + Math.Min(0, b)) - (1 << Fraction - 1);
        var source = colours.Pixels;
        var target = grey.Pixels;
        for (int i = 0, at = 0; i < target.Length; i++, at += Channels)
            target[i] = (byte)Math.Min(255, source[at] * r + source[at + 1] * g + source[at + 2] * b - least >> Fraction);
    }
}
