namespace MnistApi.Imaging;

/// <summary>
/// Colours to one grey in which ink and background lie apart: the position along the line from the background's colour to the
/// ink's. Luminance alone would not tell red ink from blue paper that is as dark.
/// </summary>
internal static class InkColour
{
    private const int Channels = 3;
    private const int Samples = 1 << 14; // pixels looked at: more do not move the line
    private const int Rounds = 12; // of the power iteration: colours have three dimensions and need few

    /// <summary>Makes a coloured page grey; says whether it had colours.</summary>
    public static bool ToGrey(Page page)
    {
        var colours = page.Plane;
        if (colours.Channels != Channels)
            return false;
        var grey = new Plane(colours.Width, colours.Height);
        var isColoured = !IsGrey(colours.Pixels);
        if (!isColoured)
            Project(colours, 1, 0, 0, grey);
        else if (page.Preprocess == Preprocess.None)
            Project(colours, 0.299f, 0.587f, 0.114f, grey); // ITU-R BT.601
        else
            ProjectOnAxis(colours, grey);
        page.Replace(grey);
        return isColoured && page.Preprocess != Preprocess.None;
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
    /// Along the direction in which colours go away from the border's: the principal axis of the differences, each weighted by its
    /// square, so that few pixels of ink outweigh much uneven light.
    /// </summary>
    private static void ProjectOnAxis(Plane colours, Plane grey)
    {
        Span<int> background = [BorderMedian(colours, 0), BorderMedian(colours, 1), BorderMedian(colours, 2)];
        double rr = 0, gg = 0, bb = 0, rg = 0, rb = 0, gb = 0;
        var pixels = colours.Pixels;
        var step = Math.Max(1, pixels.Length / Channels / Samples) * Channels;
        for (var i = 0; i < pixels.Length; i += step)
        {
            double r = pixels[i] - background[0], g = pixels[i + 1] - background[1], b = pixels[i + 2] - background[2];
            var weight = r * r + g * g + b * b;
            rr += weight * r * r;
            gg += weight * g * g;
            bb += weight * b * b;
            rg += weight * r * g;
            rb += weight * r * b;
            gb += weight * g * b;
        }
        // begin with the channel that varies most: never at right angles to the axis
        var (x, y, z) = rr + gg + bb == 0 ? (1, 1, 1) : rr >= gg && rr >= bb ? (rr, rg, rb) : gg >= bb ? (rg, gg, gb) : (rb, gb, bb);
        for (var round = 0; round < Rounds && rr + gg + bb > 0; round++)
        {
            (x, y, z) = (rr * x + rg * y + rb * z, rg * x + gg * y + gb * z, rb * x + gb * y + bb * z);
            var length = Math.Sqrt(x * x + y * y + z * z);
            (x, y, z) = (x / length, y / length, z / length);
        }
        var sign = x + y + z >= 0 ? 1 : -1; // light stays light
        Project(colours, (float)x * sign, (float)y * sign, (float)z * sign, grey);
    }

    private static int BorderMedian(Plane colours, int channel)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        for (var y = 0; y < colours.Height; y++)
        {
            var row = colours.Row(y);
            var step = y == 0 || y == colours.Height - 1 ? Channels : Math.Max(Channels, row.Length - Channels);
            for (var x = channel; x < row.Length; x += step)
                histogram[row[x]]++;
        }
        return Histogram.Median(histogram);
    }

    /// <summary>Weighs the channels so that the result lies within 0..255.</summary>
    private static void Project(Plane colours, float red, float green, float blue, Plane grey)
    {
        const int Fraction = 16;
        var scale = (1 << Fraction) / (Math.Abs(red) + Math.Abs(green) + Math.Abs(blue));
        int r = (int)(red * scale), g = (int)(green * scale), b = (int)(blue * scale);
        var min = 255 * (Math.Min(0, r) + Math.Min(0, g) + Math.Min(0, b)) - (1 << Fraction - 1);
        var source = colours.Pixels;
        var target = grey.Pixels;
        for (int i = 0, at = 0; i < target.Length; i++, at += Channels)
            target[i] = (byte)Math.Min(255, source[at] * r + source[at + 1] * g + source[at + 2] * b - min >> Fraction);
    }
}
