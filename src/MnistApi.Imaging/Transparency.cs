using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Imaging;

/// <summary>What a picture's alpha means, and its rows without it.</summary>
internal static class Transparency
{
    /// <summary>Colours that differ by less count as one: drawing programs round what they blend.</summary>
    private const int SameColour = 48;

    /// <summary>Less opaque than this, a pixel's colour means little.</summary>
    private const int LeastVisible = 64;

    /// <summary>What alpha means.</summary>
    public enum Kind
    {
        /// <summary>Nothing: the picture is opaque, or equally transparent everywhere.</summary>
        Opaque,

        /// <summary>One colour of varying opacity: laid over white, white ink would be lost.</summary>
        Ink,

        /// <summary>Several colours: what is transparent is paper.</summary>
        Ground,
    }

    public static Kind Of(Image<Rgba32> image)
    {
        byte least = 255, most = 0;
        var isOneColour = true;
        image.ProcessPixelRows(rows =>
        {
            byte leastRed = 255, mostRed = 0, leastGreen = 255, mostGreen = 0, leastBlue = 255, mostBlue = 0;
            for (var y = 0; y < rows.Height; y++)
            {
                foreach (var pixel in rows.GetRowSpan(y))
                {
                    least = Math.Min(least, pixel.A);
                    most = Math.Max(most, pixel.A);
                    if (pixel.A < LeastVisible)
                        continue;
                    leastRed = Math.Min(leastRed, pixel.R);
                    mostRed = Math.Max(mostRed, pixel.R);
                    leastGreen = Math.Min(leastGreen, pixel.G);
                    mostGreen = Math.Max(mostGreen, pixel.G);
                    leastBlue = Math.Min(leastBlue, pixel.B);
                    mostBlue = Math.Max(mostBlue, pixel.B);
                }
                isOneColour = mostRed - leastRed < SameColour && mostGreen - leastGreen < SameColour && mostBlue - leastBlue < SameColour;
                if (!isOneColour && least < most)
                    return; // it will not become one again
            }
        });
        return least == most ? Kind.Opaque : isOneColour ? Kind.Ink : Kind.Ground;
    }

    /// <summary>A row's opacity as dark ink on white.</summary>
    public static ReadOnlySpan<byte> AsGrey(ReadOnlySpan<Rgba32> row, Span<byte> grey)
    {
        for (var x = 0; x < row.Length; x++)
            grey[x] = (byte)(255 - row[x].A);
        return grey;
    }

    /// <summary>A row laid over white paper: red, green, blue.</summary>
    public static ReadOnlySpan<byte> OverWhite(ReadOnlySpan<Rgba32> row, Span<byte> colours)
    {
        for (int x = 0, at = 0; x < row.Length; x++, at += 3)
        {
            var pixel = row[x];
            if (pixel.A == 255)
            {
                colours[at] = pixel.R;
                colours[at + 1] = pixel.G;
                colours[at + 2] = pixel.B;
            }
            else
            {
                colours[at] = OverWhite(pixel.R, pixel.A);
                colours[at + 1] = OverWhite(pixel.G, pixel.A);
                colours[at + 2] = OverWhite(pixel.B, pixel.A);
            }
        }
        return colours;
    }

    private static byte OverWhite(byte level, byte alpha) => (byte)((level * alpha + 255 * (255 - alpha) + 127) / 255);
}
