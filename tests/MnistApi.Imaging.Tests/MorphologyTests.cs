namespace MnistApi.Imaging.Tests;

/// <summary>Against the definition: each pixel's maximum, or minimum, within the window, and of these the minimum, or maximum.</summary>
public sealed class MorphologyTests
{
    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(1, 40, 2)]
    [InlineData(33, 7, 1)]
    [InlineData(70, 50, 13)]
    [InlineData(20, 90, 0)]
    [InlineData(64, 64, 6)]
    public void Dilation_and_erosion_are_the_extremes_within_the_window(int width, int height, int reach)
    {
        using var plane = new Plane(width, height);
        new Random(width + reach).NextBytes(plane.Pixels);
        using var dilated = Morphology.Dilate(plane, reach);
        using var eroded = Morphology.Erode(plane, reach);
        using var closed = Morphology.Close(plane, reach);
        using var opened = Morphology.Open(plane, reach);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                Assert.Equal(Within(plane, x, y, reach).Max(), dilated.Row(y)[x]);
                Assert.Equal(Within(plane, x, y, reach).Min(), eroded.Row(y)[x]);
                Assert.Equal(Within(dilated, x, y, reach).Min(), closed.Row(y)[x]);
                Assert.Equal(Within(eroded, x, y, reach).Max(), opened.Row(y)[x]);
            }
        }
    }

    private static List<byte> Within(Plane plane, int x, int y, int reach)
    {
        List<byte> all = [];
        for (var row = Math.Max(0, y - reach); row <= Math.Min(plane.Height - 1, y + reach); row++)
            all.AddRange(plane.Row(row)[Math.Max(0, x - reach)..Math.Min(plane.Width, x + reach + 1)]);
        return all;
    }
}
