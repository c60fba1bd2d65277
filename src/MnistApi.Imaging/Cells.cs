namespace MnistApi.Imaging;

/// <summary>A picture averaged over square cells: its light, without grain.</summary>
internal static class Cells
{
    private const int MaxASide = 128;

    /// <summary>The side of a cell, in pixels, so that there are at most 128 along the picture.</summary>
    public static int SideFor(Plane plane) => (Math.Max(plane.Width, plane.Height) + MaxASide - 1) / MaxASide;

    /// <summary>One level a cell; those at the right and at the bottom may be smaller.</summary>
    public static Plane MeansOf(Plane plane, int cell)
    {
        var means = new Plane((plane.Width + cell - 1) / cell, (plane.Height + cell - 1) / cell);
        Span<int> sums = stackalloc int[MaxASide];
        for (var row = 0; row < means.Height; row++)
        {
            sums.Clear();
            var bottom = Math.Min(plane.Height, (row + 1) * cell);
            for (var y = row * cell; y < bottom; y++)
            {
                var pixels = plane.Row(y);
                for (int x = 0, column = 0; column < means.Width; column++)
                {
                    var sum = 0;
                    for (var right = Math.Min(pixels.Length, x + cell); x < right; x++)
                        sum += pixels[x];
                    sums[column] += sum;
                }
            }
            for (var column = 0; column < means.Width; column++)
                means.Row(row)[column] = (byte)(sums[column] / ((bottom - row * cell) * (Math.Min(plane.Width, (column + 1) * cell) - column * cell)));
        }
        return means;
    }
}
