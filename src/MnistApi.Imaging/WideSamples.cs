namespace MnistApi.Imaging;

/// <summary>
/// Samples of 16 bits to 8. Cameras and instruments store 10 or 12 bits in them and leave the rest unused: taken as they are, such a
/// picture would be blank. So where the values use too small a part of the range for ink to be seen they are stretched over it.
/// </summary>
internal static class WideSamples
{
    private const int SmallPart = 1 << 14; // of 65,536 values: 14 bits of a camera and less
    private const int MinPixels = 64; // in fewer there is no digit, and the range is chance

    /// <summary>How a row of the picture becomes bytes.</summary>
    public static Shrink.RowSamples<TPixel> Narrow<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        int min = ushort.MaxValue, max = 0;
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                var samples = MemoryMarshal.Cast<TPixel, ushort>(rows.GetRowSpan(y));
                (min, max) = (Math.Min(min, TensorPrimitives.Min<ushort>(samples)), Math.Max(max, TensorPrimitives.Max<ushort>(samples)));
            }
        });
        var isStretched = max - min is > byte.MaxValue and < SmallPart && image.Width * image.Height >= MinPixels;
        var (from, range) = isStretched ? (min, max - min) : (0, ushort.MaxValue);
        return (row, room) =>
        {
            var samples = MemoryMarshal.Cast<TPixel, ushort>(row);
            for (var i = 0; i < samples.Length; i++)
                room[i] = (byte)(((samples[i] - from) * 255L + range / 2) / range);
            return room;
        };
    }
}
