using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Imaging.Tests;

/// <summary>Large pictures become the averages of their cells, those at the edges too.</summary>
public sealed class ShrinkTests
{
    [Theory]
    [InlineData(512, 40)] // as it is
    [InlineData(1023, 600)] // cells of 2
    [InlineData(1530, 7)] // of 3, one row left over
    [InlineData(31, 2999)] // of 6, and the last of 5
    [InlineData(4608, 3)] // of 9, of which there are 3 rows
    [InlineData(140_000, 1)]
    public void A_cell_is_the_average_of_its_pixels(int width, int height)
    {
        var samples = new byte[width * height * 3];
        new Random(1).NextBytes(samples);
        using var image = Image.LoadPixelData<Rgb24>(samples, width, height);
        var cell = Shrink.CellOf(width, height);
        using var there = Shrink.ToCells(image, 3, (row, _) => MemoryMarshal.AsBytes(row));
        using var copied = Shrink.ToCells(image, 3, (row, room) =>
        {
            MemoryMarshal.AsBytes(row).CopyTo(room);
            return room;
        });
        Assert.Equal(((width + cell - 1) / cell, (height + cell - 1) / cell), (there.Width, there.Height));
        Assert.Equal(there.Pixels, copied.Pixels);
        for (var y = 0; y < there.Height; y++)
        {
            for (var x = 0; x < there.Width; x++)
            {
                for (var channel = 0; channel < 3; channel++)
                    Assert.Equal(Average(samples, width, height, cell, x, y, channel), there.Row(y)[x * 3 + channel]);
            }
        }
    }

    private static int Average(byte[] samples, int width, int height, int cell, int x, int y, int channel)
    {
        int sum = 0, count = 0;
        for (var row = y * cell; row < Math.Min(height, (y + 1) * cell); row++)
        {
            for (var column = x * cell; column < Math.Min(width, (x + 1) * cell); column++)
            {
                sum += samples[(row * width + column) * 3 + channel];
                count++;
            }
        }
        return (sum + count / 2) / count;
    }
}
