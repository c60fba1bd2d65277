using System.Numerics;

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
    private static readonly Vector3 s_luma = new(0.299f, 0.587f, 0.114f); // ITU-R BT.601

    /// <summary>Makes a coloured page grey; says whether it had colours.</summary>
    public static bool ToGrey(Page page)
    {
        if (page.Plane.Channels != Channels)
            return false;
        var isAlongInk = page.Preprocess != Preprocess.None && !IsGrey(page.Plane.Pixels);
        page.Replace(Projected(page.Plane, isAlongInk ? Axis(page.Plane.Pixels) : s_luma));
        return isAlongInk;
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
    /// The direction in which colours go away from their mean: the principal axis of the differences, each weighted by its square, so that
    /// few pixels of ink outweigh much uneven light.
    /// </summary>
    private static Vector3 Axis(ReadOnlySpan<byte> colours)
    {
        var step = Math.Max(1, colours.Length / Channels / Samples) * Channels;
        var mean = Vector3.Zero;
        for (var i = 0; i < colours.Length; i += step)
            mean += Colour(colours[i..]) * step / colours.Length;
        Vector3 red = default, green = default, blue = default; // the rows of the matrix of moments
        for (var i = 0; i < colours.Length; i += step)
        {
            var apart = Colour(colours[i..]) - mean;
            var weighted = apart * apart.LengthSquared();
            red += weighted * apart.X;
            green += weighted * apart.Y;
            blue += weighted * apart.Z;
        }
        // begin with the channel that varies most: never at right angles to the axis
        var axis = red.X >= green.Y && red.X >= blue.Z ? red : green.Y >= blue.Z ? green : blue;
        if (axis == Vector3.Zero)
            return s_luma;
        axis = Vector3.Normalize(axis);
        for (var round = 0; round < Rounds; round++)
            axis = Vector3.Normalize(new Vector3(Vector3.Dot(red, axis), Vector3.Dot(green, axis), Vector3.Dot(blue, axis)));
        return Vector3.Dot(axis, Vector3.One) >= 0 ? axis : -axis; // light stays light
    }

    private static Vector3 Colour(ReadOnlySpan<byte> samples) => new(samples[0], samples[1], samples[2]);

    /// <summary>Weighs the channels so that the result lies within 0..255.</summary>
    private static Plane Projected(Plane colours, Vector3 axis)
    {
        const int Fraction = 16;
        var weights = axis * (1 << Fraction) / Vector3.Dot(Vector3.Abs(axis), Vector3.One);
        int red = (int)weights.X, green = (int)weights.Y, blue = (int)weights.Z;
        var min = 255 * (Math.Min(0, red) + Math.Min(0, green) + Math.Min(0, blue)) - (1 << Fraction - 1);
        var grey = new Plane(colours.Width, colours.Height);
        ReadOnlySpan<byte> source = colours.Pixels;
        var target = grey.Pixels;
        for (int i = 0, at = 0; i < target.Length; i++, at += Channels)
            target[i] = (byte)Math.Min(255, source[at] * red + source[at + 1] * green + source[at + 2] * blue - min >> Fraction);
        return grey;
    }
}
