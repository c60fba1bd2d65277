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
        using var page = Decoding.Decode(file, DigitReader.MaxPixels, Preprocess.None, PictureFormats.All);
        StepTable.ToGrey(page);
        var plane = page.Plane;
        var scale = side / (double)plane.Longer;
        int width = Math.Clamp((int)(plane.Width * scale), 1, side), height = Math.Clamp((int)(plane.Height * scale), 1, side);
        var levels = new byte[width * height];
        MnistRecipe.Average(plane, width, levels);
        var result = new byte[side * side];
        result.AsSpan().Fill(128);
        for (var y = 0; y < height; y++)
            levels.AsSpan(y * width, width).CopyTo(result.AsSpan(y * side));
        return result;
    }
}
