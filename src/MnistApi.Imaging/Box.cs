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

    /// <summary>The whole of a picture.</summary>
    public static Box Of(Plane plane) => new(0, 0, plane.Width, plane.Height);

    /// <summary>The tight box of what reaches the threshold; empty where nothing does.</summary>
    public static Box Of(Plane ink, byte threshold)
    {
        int left = ink.Width, right = 0, top = ink.Height, bottom = 0;
        for (var y = 0; y < ink.Height; y++)
        {
            var row = ink.Row(y);
            var first = row.IndexOfAnyInRange(threshold, byte.MaxValue);
            if (first < 0)
                continue;
            left = Math.Min(left, first);
            right = Math.Max(right, row.LastIndexOfAnyInRange(threshold, byte.MaxValue) + 1);
            top = Math.Min(top, y);
            bottom = y + 1;
        }
        return new Box(left, top, right, bottom);
    }

    /// <summary>The smallest box around both.</summary>
    public Box With(Box other) =>
        new(Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));

    /// <summary>Wider by so many pixels on each side.</summary>
    public Box Widened(int by) => new(Left - by, Top - by, Right + by, Bottom + by);

    /// <summary>Pixels between the two from side to side; negative where they overlap.</summary>
    public int GapAcross(Box other) => Math.Max(Left, other.Left) - Math.Min(Right, other.Right);

    /// <summary>The same from top to bottom.</summary>
    public int GapDown(Box other) => Math.Max(Top, other.Top) - Math.Min(Bottom, other.Bottom);
}
