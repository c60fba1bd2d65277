using MnistApi.Inference;

namespace MnistApi.Imaging;

/// <summary>
/// Whether a 28x28 picture is one of MNIST's, or made like them: light ink on a black ground, 20 pixels long, its centre of mass in the
/// middle. A small digit, or one in a corner, is not, and gets the treatment of every other picture.
/// </summary>
internal static class MnistMeasures
{
    private const int DarkGround = 24;
    private const int LeastPeak = 200;
    private const int Shortest = 18; // MNIST's own are 19 or 20 pixels long
    private const int Longest = 22;
    private const float FromMiddle = 1; // pixels; MNIST's own lie within half a one of (14, 14)

    public static bool Hold(Plane plane)
    {
        if (plane.Width != MnistImage.Width || plane.Height != MnistImage.Height || Border.Of(plane).Median >= DarkGround)
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
        return peak >= LeastPeak
            && Math.Max(right - left, bottom - top) + 1 is >= Shortest and <= Longest
            && Math.Abs(sumX / (float)mass - Middle) <= FromMiddle
            && Math.Abs(sumY / (float)mass - Middle) <= FromMiddle;
    }
}
