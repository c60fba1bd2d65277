using MnistApi.Inference;

namespace MnistApi.Imaging;

/// <summary>
/// Whether a 28x28 picture is one of MNIST's, or made like them: light ink on black, 20 pixels long, its centre of mass in the
/// middle. A small digit, or one in a corner, is not, and gets the treatment of every other picture.
/// </summary>
internal static class MnistMeasures
{
    private const int MaxBackground = 24;
    private const int MinPeak = 200;
    private const int Shortest = 18; // MNIST's own are 19 or 20 pixels long
    private const int Longest = 22;
    private const float FromMiddle = 1; // pixels; MNIST's own lie within half a one of (14, 14)

    /// <summary>Takes such a picture as it is; nothing was done to it.</summary>
    public static bool Pass(Page page)
    {
        if (!Hold(page.Plane))
            return false;
        var same = new Plane(MnistImage.Width, MnistImage.Height);
        page.Plane.Pixels.CopyTo(same.Pixels);
        page.Digits = [new Digit(same, Box.Of(same)) { IsRead = true }];
        return false;
    }

    private static bool Hold(Plane plane)
    {
        if (plane.Width != MnistImage.Width || plane.Height != MnistImage.Height || !IsBorderBlack(plane))
            return false;
        int left = MnistImage.Width, right = -1, top = -1, bottom = -1, mass = 0, sumX = 0, sumY = 0, peak = 0;
        for (var y = 0; y < MnistImage.Height; y++)
        {
            var row = plane.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                int ink = row[x];
                if (ink == 0)
                    continue;
                mass += ink;
                sumX += ink * x;
                sumY += ink * y;
                peak = Math.Max(peak, ink);
                left = Math.Min(left, x);
                right = Math.Max(right, x);
                top = top < 0 ? y : top;
                bottom = y;
            }
        }
        const float Middle = MnistImage.Width / 2f;
        return peak >= MinPeak
            && Math.Max(right - left, bottom - top) + 1 is >= Shortest and <= Longest
            && Math.Abs(sumX / (float)mass - Middle) <= FromMiddle
            && Math.Abs(sumY / (float)mass - Middle) <= FromMiddle;
    }

    /// <summary>Whether most of the border is.</summary>
    private static bool IsBorderBlack(Plane plane)
    {
        var black = 0;
        for (var i = 0; i < MnistImage.Width; i++)
        {
            foreach (var level in (ReadOnlySpan<byte>)[plane.Row(0)[i], plane.Row(MnistImage.Height - 1)[i], plane.Row(i)[0], plane.Row(i)[MnistImage.Width - 1]])
                black += level < MaxBackground ? 1 : 0;
        }
        return black > 2 * MnistImage.Width;
    }
}
