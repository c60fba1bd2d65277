namespace MnistApi.Imaging;

/// <summary>A part of a picture.</summary>
/// <param name="Left">Its first column.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Right">The first column beyond it.</param>
/// <param name="Bottom">The first row beyond it.</param>
internal readonly record struct Box(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;

    public int Longer => Math.Max(Width, Height);

    /// <summary>The tight box of what reaches the threshold within a part of the picture.</summary>
    public static Box Of(Plane ink, Box within, byte threshold)
    {
        int left = within.Right, right = within.Left, top = within.Bottom, bottom = within.Top;
        for (var y = within.Top; y < within.Bottom; y++)
        {
            var row = ink.Row(y)[within.Left..within.Right];
            var first = row.IndexOfAnyInRange(threshold, byte.MaxValue);
            if (first < 0)
                continue;
            left = Math.Min(left, within.Left + first);
            right = Math.Max(right, within.Left + row.LastIndexOfAnyInRange(threshold, byte.MaxValue) + 1);
            top = Math.Min(top, y);
            bottom = y + 1;
        }
        return new Box(left, top, right, bottom);
    }
}
