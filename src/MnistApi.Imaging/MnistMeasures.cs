using MnistApi.Inference;

namespace MnistApi.Imaging;

/// <summary>
/// Whether a 28x28 picture is one of MNIST's, or made like them: light ink on black, 20 pixels long, its centre of mass in the middle. A
/// small digit, or one in a corner, is not, and gets the treatment of every other picture.
/// </summary>
internal static class MnistMeasures
{
    private const int MaxBackground = 24; // of the border: MNIST's is black
    private const int MinPeak = 200; // MNIST's is 254 at least
    private const int MinLonger = 18; // pixels; MNIST's own are 19 or 20 long
    private const int MaxLonger = 22;
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
        if (plane.Width != MnistImage.Width || plane.Height != MnistImage.Height || Box.Of(plane, 1).Longer is < MinLonger or > MaxLonger)
            return false;
        int mass = 0, sumX = 0, sumY = 0, peak = 0, blackBorder = 0;
        for (int y = 0, i = 0; y < MnistImage.Height; y++)
        {
            for (var x = 0; x < MnistImage.Width; x++, i++)
            {
                int ink = plane.Pixels[i];
                mass += ink;
                sumX += ink * x;
                sumY += ink * y;
                peak = Math.Max(peak, ink);
                var isBorder = x is 0 or MnistImage.Width - 1 || y is 0 or MnistImage.Height - 1;
                blackBorder += isBorder && ink < MaxBackground ? 1 : 0;
            }
        }
        const float Middle = MnistImage.Width / 2f;
        return peak >= MinPeak && blackBorder > 2 * MnistImage.Width
            && Math.Abs(sumX / (float)mass - Middle) <= FromMiddle && Math.Abs(sumY / (float)mass - Middle) <= FromMiddle;
    }
}
