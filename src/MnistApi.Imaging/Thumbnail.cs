namespace MnistApi.Imaging;

/// <summary>Small grey pictures of large ones, to look at.</summary>
public static class Thumbnail
{
    /// <summary>The picture as it is decoded, within a square of so many pixels a side; the rest is mid-grey.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="side">Pixels a side.</param>
    /// <exception cref="PictureException">The bytes are no picture that can be decoded.</exception>
    public static byte[] Of(ReadOnlySpan<byte> file, int side)
    {
        const byte Beside = 128;
        using var page = Decoding.Decode(file, DigitReader.MaxPixels, Preprocess.None, PictureFormats.All);
        StepTable.ToGrey(page);
        var plane = page.Plane;
        var scale = side / (double)Math.Max(plane.Width, plane.Height);
        int width = Math.Clamp((int)(plane.Width * scale), 1, side), height = Math.Clamp((int)(plane.Height * scale), 1, side);
        var result = new byte[side * side];
        Array.Fill(result, Beside);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                int left = x * plane.Width / width, top = y * plane.Height / height;
                result[y * side + x] = Mean(plane, left, top, (x + 1) * plane.Width / width, (y + 1) * plane.Height / height);
            }
        }
        return result;
    }

    private static byte Mean(Plane plane, int left, int top, int right, int bottom)
    {
        right = Math.Max(right, left + 1);
        bottom = Math.Max(bottom, top + 1);
        long sum = 0;
        for (var y = top; y < bottom; y++)
        {
            foreach (var pixel in plane.Row(y)[left..right])
                sum += pixel;
        }
        return (byte)(sum / ((right - left) * (bottom - top)));
    }
}
