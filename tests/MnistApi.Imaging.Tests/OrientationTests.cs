using MnistApi.TestData;

namespace MnistApi.Imaging.Tests;

/// <summary>Cameras store what their sensor saw, and beside it how to turn it.</summary>
public sealed class OrientationTests
{
    public static TheoryData<int, bool> Ways =>
        new(from way in Enumerable.Range(1, 8) from isLittle in new[] { true, false } select (way, isLittle));

    /// <summary>Each way of storing an L, corner by corner, is shown as the same L.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void A_picture_is_turned_as_its_file_says(int way, bool isLittle)
    {
        const int Width = 9, Height = 5;
        var isSideways = way >= 5;
        var png = new RawPng(isSideways ? Height : Width, isSideways ? Width : Height, 0, 8) { Exif = Exif(way, isLittle) };
        using var page = Decoding.Decode(
            png.Of((x, y, _) => Shown(way, x, y, Width, Height)), DigitReader.MaxPixels, Preprocess.Auto, PictureFormats.All);
        Assert.Equal(way != 1, Orientation.Turn(page));
        Assert.Equal((Width, Height), (page.Plane.Width, page.Plane.Height));
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                Assert.Equal(10 * y + x, page.Plane.Row(y)[x]);
        }
    }

    public static TheoryData<string> Wrong => ["", "II*", "MM\0*", "MM\0*\xFF\xFF\xFF\xFF", "II*\0\x08\0\0\0\x09\0\x12\x01"];

    /// <summary>The chunk is not needed for the picture: it may hold anything.</summary>
    [Theory]
    [MemberData(nameof(Wrong))]
    public void Exif_that_cannot_be_read_turns_nothing(string exif) =>
        Assert.Equal(Orientation.Upright, Orientation.Of([.. exif.Select(letter => (byte)letter)]));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(65535)]
    public void An_orientation_that_there_is_not_turns_nothing(int way) =>
        Assert.Equal(Orientation.Upright, Orientation.Of(Exif(way, isLittle: true)));

    [Fact]
    public void An_orientation_in_other_numbers_than_the_standards_turns_nothing()
    {
        const int Type = 8 + 2 + 12 + 2; // of the second entry's value, behind the header, the count, the first entry and the tag
        var exif = Exif(6, isLittle: true);
        Assert.Equal(6, Orientation.Of(exif));
        exif[Type] = 4; // of 32 bits
        Assert.Equal(Orientation.Upright, Orientation.Of(exif));
    }

    [Fact]
    public void Digits_are_placed_in_the_picture_as_it_is_looked_at()
    {
        const int Width = 300, Height = 200;
        var png = new RawPng(Height, Width, 0, 8) { Exif = Exif(6, isLittle: true) }.Of((x, y, _) =>
        {
            var (right, down) = (Width - 1 - y, x);
            return right is >= 40 and < 50 or >= 250 and < 260 && down is >= 60 and < 160 ? 0 : 255;
        });
        var error = Assert.Throws<PictureException>(() => Drawing.Read(png));
        Assert.EndsWith("got 2: 10x100 at (40, 60), 10x100 at (250, 60)", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The level that is stored at a place, where the picture to be seen has ten times the row and the column.</summary>
    private static int Shown(int way, int x, int y, int width, int height)
    {
        var (column, row) = way switch // what the standard calls the 0th row and the 0th column
        {
            1 => (x, y), // top, left
            2 => (width - 1 - x, y), // top, right
            3 => (width - 1 - x, height - 1 - y), // bottom, right
            4 => (x, height - 1 - y), // bottom, left
            5 => (y, x), // left, top
            6 => (width - 1 - y, x), // right, top
            7 => (width - 1 - y, height - 1 - x), // right, bottom
            _ => (y, height - 1 - x), // left, bottom
        };
        return 10 * row + column;
    }

    /// <summary>A TIFF header and a directory of two entries, the second of which is the orientation.</summary>
    private static byte[] Exif(int orientation, bool isLittle)
    {
        int[] numbers = [42, 0, 8, 2, 0x010F, 2, 0, 1, 0, 0, 0x0112, 3, 0, 1, orientation, 0, 0, 0];
        if (isLittle)
            (numbers[1], numbers[2]) = (8, 0); // numbers of 32 bits begin with the lower half
        if (isLittle)
            (numbers[6], numbers[7], numbers[12], numbers[13]) = (1, 0, 1, 0);
        return [.. isLittle ? "II"u8 : "MM"u8, .. numbers.SelectMany(number =>
            isLittle ? new[] { (byte)number, (byte)(number >> 8) } : [(byte)(number >> 8), (byte)number])];
    }
}
