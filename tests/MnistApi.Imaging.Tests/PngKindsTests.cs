using MnistApi.TestData;

namespace MnistApi.Imaging.Tests;

/// <summary>
/// What PngSuite tests, generated: every colour type and bit depth, plain and interlaced, every filter, sizes around the boundaries of
/// bytes and of Adam7's passes, palettes and transparency. Each is decoded and compared with the samples that it was made of.
/// </summary>
public sealed class PngKindsTests
{
    private static readonly int[] s_heights = [1, 2, 3, 4, 5, 8, 9, 17];

    public static TheoryData<byte, byte, bool> Kinds
    {
        get
        {
            var data = new TheoryData<byte, byte, bool>();
            foreach (var (colour, depth) in RawPng.Kinds)
            {
                data.Add(colour, depth, false);
                data.Add(colour, depth, true);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_filter_and_size_decodes_to_its_samples(byte colour, byte depth, bool isInterlaced)
    {
        var random = new Random(colour * 100 + depth);
        int[] widths = isInterlaced ? [5, 6, 7, 8, 9, 17, 33] : [1, 2, 3, 4, 5, 7, 8, 9, 17, 33];
        foreach (var width in widths)
        {
            foreach (var height in s_heights)
            {
                for (var filter = 0; filter <= 5; filter++)
                    AssertDecodes(Picture(width, height, colour, depth, isInterlaced, filter, random), random);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void An_index_beyond_the_palette_is_refused_wherever_it_stands(byte depth)
    {
        var entries = (1 << depth) - 1; // one too few
        foreach (var isInterlaced in new[] { false, true })
        {
            for (var filter = 0; filter <= 5; filter++)
            {
                var png = new RawPng(11, 9, 3, depth, isInterlaced) { Filter = filter, Palette = new byte[3 * entries] };
                Thumbnail.Of(png.Of((x, y, _) => (x * 7 + y) % entries), 11); // all within
                for (var at = 0; at < 11 * 9; at += 7)
                {
                    var error = Assert.Throws<PictureException>(() =>
                        Thumbnail.Of(png.Of((x, y, _) => y * 11 + x == at ? entries : (x * 7 + y) % entries), 11));
                    Assert.Equal(
                        $"the PNG is truncated or damaged: a pixel has the palette index {entries}, the palette {entries} entries",
                        error.Message);
                }
            }
        }
    }

    /// <summary>What fills up a row's last byte is no pixel.</summary>
    [Fact]
    public void Bits_beyond_the_last_pixel_do_not_count()
    {
        var png = new RawPng(3, 2, 3, 2) { Palette = [0, 0, 0, 255, 255, 255] };
        Assert.Equal([0, 255, 0, 255, 0, 255], Thumbnail.Of(png.With(RawPng.Pack([0, 0b00_01_00_11, 0, 0b01_00_01_10])), 3)[..6]);
    }

    private static RawPng Picture(int width, int height, byte colour, byte depth, bool isInterlaced, int filter, Random random)
    {
        var png = new RawPng(width, height, colour, depth, isInterlaced) { Filter = filter };
        if (colour != 3)
            return png;
        // greys, so that no luma rounds
        var entries = Enumerable.Range(0, 1 << depth).SelectMany(_ => Enumerable.Repeat((byte)random.Next(256), 3)).ToArray();
        return png with { Palette = entries, Transparency = filter % 2 == 1 ? [255, 0] : null };
    }

    private static void AssertDecodes(RawPng png, Random random)
    {
        var samples = new int[png.Width * png.Height * png.Channels];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = random.Next(1 << png.Depth);
        var side = Math.Max(png.Width, png.Height);
        var decoded = Thumbnail.Of(png.Of((x, y, channel) => samples[(y * png.Width + x) * png.Channels + channel]), side);
        if (IsInk(png, samples))
            return;
        for (var i = 0; i < png.Width * png.Height; i++)
        {
            var expected = Grey(png, samples.AsSpan(i * png.Channels, png.Channels));
            var got = decoded[i / png.Width * side + i % png.Width];
            Assert.True(Math.Abs(expected - got) <= 2, $"{png}, filter {png.Filter}: pixel {i} is {got}, expected {expected}");
        }
    }

    /// <summary>Where all that can be seen has about one colour the opacity is read, not the colour: a matter of other tests.</summary>
    private static bool IsInk(RawPng png, int[] samples)
    {
        var seen = samples.Chunk(png.Channels).Select(pixel => Colour(png, pixel)).Where(colour => colour.Alpha >= 0.26).ToArray();
        return (png.Colour is 4 or 6 || png.Transparency is not null)
            && (seen.Length == 0 || new[] { seen.Select(c => c.Red), seen.Select(c => c.Green), seen.Select(c => c.Blue) }
                .All(levels => levels.Max() - levels.Min() < 0.2));
    }

    /// <summary>The pixel's luma over white, in 0..255.</summary>
    private static double Grey(RawPng png, ReadOnlySpan<int> sample)
    {
        var (red, green, blue, alpha) = Colour(png, sample);
        return 255 * ((0.299 * red + 0.587 * green + 0.114 * blue) * alpha + 1 - alpha);
    }

    private static (double Red, double Green, double Blue, double Alpha) Colour(RawPng png, ReadOnlySpan<int> sample)
    {
        double most = (1 << png.Depth) - 1;
        return png.Colour switch
        {
            3 => Entry(png, sample[0]),
            0 => (sample[0] / most, sample[0] / most, sample[0] / most, 1),
            4 => (sample[0] / most, sample[0] / most, sample[0] / most, sample[1] / most),
            2 => (sample[0] / most, sample[1] / most, sample[2] / most, 1),
            _ => (sample[0] / most, sample[1] / most, sample[2] / most, sample[3] / most),
        };
    }

    private static (double, double, double, double) Entry(RawPng png, int index)
    {
        var level = png.Palette![3 * index] / 255.0;
        return (level, level, level, png.Transparency is { } opacities && index < opacities.Length ? opacities[index] / 255.0 : 1);
    }
}
