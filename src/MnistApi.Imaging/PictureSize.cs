namespace MnistApi.Imaging;

/// <summary>How large a picture is.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct PictureSize(int Width, int Height)
{
    public const int MinRowCost = 64;

    /// <summary>Width times height.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>Width times height, by which limits are kept: a row counts as 64 pixels at least, as to the decoder.</summary>
    public long Cost => (long)Math.Max(Width, MinRowCost) * Height;

    /// <summary>Pixels a side of the cells that it is averaged over while it is decoded.</summary>
    public int Cell => Shrink.CellOf(Width, Height);

    /// <exception cref="PictureException">It costs more.</exception>
    public void Require(long maxPixels)
    {
        if (Cost > maxPixels)
        {
            throw new PictureException(PictureError.TooManyPixels, $"expected at most {maxPixels} pixels, got {Width}x{Height} = {Cost}"
                + (Cost > Pixels ? $", where a row counts as {MinRowCost}" : ""));
        }
    }
}
