using System.Text.RegularExpressions;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Imaging.Tests;

/// <summary>What happens to paper under pens, lamps and scanners: the network must see what it sees of the clean drawing.</summary>
public sealed class PaperTests
{
    private static readonly byte[] s_clean = Drawing.Read(Drawn().Png());

    public static TheoryData<string, string> Spoiled => new()
    {
        { "gradient", "freed of uneven light" },
        { "gradient and grain", "freed of uneven light, cleared of grain" },
        { "shadow", "freed of uneven light" },
        { "white chalk on grey, uneven light", "freed of uneven light, inverted" },
        { "black corner", "" },
        { "line from edge to edge through the foot", "cleared of ruled lines" },
        { "ruled", "cleared of ruled lines" },
        { "squared and grain", "cleared of grain, cleared of ruled lines" },
        { "finely squared, lines along the edges", "cleared of ruled lines" },
        { "specks", "cleared of specks" },
        { "faint on grey", "" },
    };

    [Theory]
    [MemberData(nameof(Spoiled))]
    public void A_spoiled_sheet_reads_like_a_clean_one(string how, string steps)
    {
        var paper = how switch
        {
            "gradient" => Drawn().Gradient(0.6f),
            "gradient and grain" => Drawn().Gradient(0.5f).Grain(0.05f, 1),
            "shadow" => Drawn().Shadow(0.5f, 40),
            "white chalk on grey, uneven light" =>
                new Paper(level: 0.6f).Draw(Paper.Two, 90, 60, 140, 14, ink: 0.95f).Gradient(0.5f).Grain(0.02f, 19),
            "black corner" => Drawn().Disc(285, 285, 90, 0.1f),
            "line from edge to edge through the foot" => Drawn().Box(0, 186, 280, 189, 3).Grain(0.02f, 13),
            "ruled" => Drawn().Ruled(35, 0.4f, isSquared: false),
            "squared and grain" => Drawn().Ruled(40, 0.35f, isSquared: true).Grain(0.03f, 3),
            "finely squared, lines along the edges" => Drawn().Squared(10, 0.6f).Grain(0.02f, 23),
            "specks" => Drawn().Specks(25, 4),
            "faint on grey" => new Paper(level: 0.55f).Draw(Paper.Two, 90, 60, 140, 14, ink: 0.35f),
            _ => throw new ArgumentOutOfRangeException(nameof(how)),
        };
        var reading = DigitReader.ReadDigit(paper.Png());
        var read = reading.Digits[0].Pixels;
        Assert.InRange(MeanDifference(s_clean, read), 0, 8);
        foreach (var step in steps.Split(", ", StringSplitOptions.RemoveEmptyEntries))
            Assert.Contains(step, reading.Steps);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.3f, 0.03f)]
    public void A_small_digit_on_a_large_page_is_read(float gradient, float grain)
    {
        var page = new Paper(900).Draw(Paper.Two, 500, 200, 30, 3).Gradient(gradient).Grain(grain, 14);
        Assert.InRange(MeanDifference(s_clean, Drawing.Read(page.Png())), 0, 15);
    }

    [Fact]
    public void Dust_on_a_page_is_no_digit()
    {
        var error = Assert.Throws<PictureException>(() => Drawing.Read(new Paper(900).Box(400, 500, 408, 508, 4).Png()));
        Assert.Matches(
            @"^the picture has no digit: expected strokes of at least 12 pixels, got 1 specks, the largest of \d+$", error.Message);
    }

    /// <summary>Strokes must not be taken for background, whatever the window it is looked for with.</summary>
    [Theory]
    [InlineData(0.1f, 0.9f)]
    [InlineData(0.95f, 0.6f)]
    public void A_pen_of_any_width_reads_under_a_lamp_as_on_a_clean_sheet(float ink, float level)
    {
        for (var pen = 6; pen <= 34; pen += 2)
        {
            var clean = Drawing.Read(new Paper(level: level).Draw(Paper.Two, 90, 60, 140, pen, ink).Png());
            var read = Drawing.Read(new Paper(level: level).Draw(Paper.Two, 90, 60, 140, pen, ink).Gradient(0.4f).Grain(0.02f, 19).Png());
            Assert.True(MeanDifference(clean, read) < 8, $"a pen of {pen} pixels differs by {MeanDifference(clean, read)}");
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void A_thin_pens_stroke_along_a_ruled_line_stays(float pen)
    {
        var clean = Drawing.Read(new Paper().Draw(Paper.Two, 90, 60, 140, pen).Png());
        var paper = new Paper().Draw(Paper.Two, 90, 60, 140, pen).Squared(47, 0.3f, isRuled: true).Grain(0.02f, 24);
        var reading = DigitReader.ReadDigit(paper.Png());
        Assert.Contains("cleared of ruled lines", reading.Steps);
        Assert.InRange(MeanDifference(clean, reading.Digits[0].Pixels), 0, 8); // the foot lies at 193, a line at 193 and 194
    }

    [Fact]
    public void A_five_whose_bar_lies_apart_keeps_it()
    {
        (float, float)[] body = [(0.3f, 0.15f), (0.28f, 0.45f), (0.7f, 0.5f), (0.72f, 0.85f), (0.25f, 0.9f)];
        var five = new Paper().Draw(body, 60, 60, 160, 12).Draw([(0.45f, 0.02f), (0.85f, 0)], 60, 60, 160, 12);
        var reading = DigitReader.ReadDigit(five.Png());
        Assert.DoesNotContain("cleared of specks", reading.Steps);
    }

    /// <summary>In whole cells such a bar is as high as a thing beside the digit.</summary>
    [Theory]
    [InlineData(24, 2)]
    [InlineData(32, 3)]
    [InlineData(40, 4)]
    [InlineData(60, 5)]
    public void A_small_fives_bar_is_no_thing_beside_it(float size, float pen)
    {
        (float, float)[] body = [(0.3f, 0.25f), (0.28f, 0.45f), (0.7f, 0.5f), (0.72f, 0.85f), (0.25f, 0.9f)];
        var five = new Paper(450).Draw(body, 200, 200, size, pen).Draw([(0.45f, 0), (0.85f, 0.03f)], 200, 200, size, pen);
        var reading = DigitReader.ReadDigit(five.Png());
        Assert.DoesNotContain("cleared of specks", reading.Steps);
    }

    [Fact]
    public void A_line_as_thick_as_the_pen_from_edge_to_edge_is_a_stroke()
    {
        (float, float)[] seven = [(-1, 0.2f), (2, 0.2f), (0.4f, 0.9f)];
        Assert.DoesNotContain("cleared of ruled lines", DigitReader.ReadDigit(new Paper().Draw(seven, 90, 60, 140, 10).Png()).Steps);
    }

    [Theory]
    [InlineData(1.2f)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_hairline_becomes_a_stroke_as_wide_as_mnists(float pen)
    {
        var reading = DigitReader.ReadDigit(new Paper(600).Draw(Paper.Two, 100, 80, 400, pen).Png());
        Assert.Contains("thickened", reading.Steps);
        Assert.InRange(StrokeWidthOf(reading.Digits[0].Pixels), 1.5, 2.2);
    }

    [Fact]
    public void A_pen_is_left_as_thick_as_it_is() =>
        Assert.Empty(DigitReader.ReadDigit(Drawn().Png()).Steps.Intersect(["thickened", "thinned"]));

    [Fact]
    public void A_marker_thicker_than_mnists_pens_is_thinned()
    {
        var reading = DigitReader.ReadDigit(new Paper().Draw(Paper.Two, 90, 60, 120, 38).Png());
        Assert.Contains("thinned", reading.Steps);
        Assert.InRange(StrokeWidthOf(reading.Digits[0].Pixels), 3, 4.3); // the digit itself became smaller, so this is more than 3.5
    }

    [Theory]
    [InlineData(14)]
    [InlineData(38)]
    [InlineData(56)]
    public void Light_strokes_on_black_read_like_dark_ones_however_thick(float pen)
    {
        byte[] dark = new byte[784], light = new byte[784];
        DigitReader.ReadDigit(new Paper(level: 1).Draw(Paper.Two, 60, 50, 160, pen, ink: 0).Png()).Digits[0].Pixels.CopyTo(dark);
        DigitReader.ReadDigit(new Paper(level: 0).Draw(Paper.Two, 60, 50, 160, pen, ink: 1).Png()).Digits[0].Pixels.CopyTo(light);
        Assert.InRange(MeanDifference(dark, light), 0, 3);
    }

    [Fact]
    public void The_thick_bar_of_a_seven_cut_tight_stays()
    {
        var seven = Drawing.Encode(100, 100, (x, y) => new L8(y < 20 || Math.Abs(x - (90 - 0.6f * y)) < 10 ? (byte)0 : (byte)255));
        Assert.Equal("7", Shipped.AnswerTo(seven));
    }

    [Fact]
    public void A_small_square_zero_with_a_dot_in_it_stays()
    {
        var zero = Drawing.Encode(100, 100, (x, y) => new L8(
            Math.Max(Math.Abs(x - 49.5f), Math.Abs(y - 49.5f)) is > 18 and < 20 || (x == 50 && y is 49 or 50) ? (byte)0 : (byte)255));
        Assert.DoesNotContain("cleared of ruled lines", DigitReader.ReadDigit(zero).Steps);
    }

    [Fact]
    public void A_foot_that_lies_a_little_apart_is_the_digits()
    {
        var two = new Paper().Draw(Paper.Two[..^1], 90, 60, 140, 6).Draw([(0.2f, 0), (0.85f, 0)], 90, 60 + 0.95f * 140 + 9, 140, 6);
        Assert.DoesNotContain("cleared of specks", DigitReader.ReadDigit(two.Png()).Steps);
    }

    [Theory]
    [InlineData(18, 0, 1)]
    [InlineData(18, 1, 0)]
    [InlineData(18, 0.08f, 0.88f)]
    public void A_thick_pen_reads_nearly_the_same_cut_tight(float pen, float ink, float level)
    {
        (float, float)[] line = [.. Paper.Two.Select(point => ((point.X - 0.2f) / 0.65f, (point.Y - 0.05f) / 0.9f))]; // fills its square
        var wide = Drawing.Read(new Paper(200, level).Draw(line, 50 + pen / 2, 50 + pen / 2, 100 - pen, pen, ink).Png());
        var tight = Drawing.Read(new Paper(100, level).Draw(line, pen / 2, pen / 2, 100 - pen, pen, ink).Png());
        Assert.InRange(MeanDifference(wide, tight), 0, 30); // background taken for ink makes 70 and more
    }

    [Fact]
    public void A_blot_is_not_thinned_to_nothing()
    {
        var read = Drawing.Read(Drawing.Encode(200, 200, (x, y) =>
            new L8((x - 100) * (x - 100) + (y - 100) * (y - 100) < 1600 ? (byte)20 : (byte)235)));
        Assert.True(read.Sum(level => level) > 30 * 255);
    }

    [Fact]
    public void A_box_drawn_alone_is_a_zero() =>
        Assert.Equal("0", Shipped.AnswerTo(new Paper().Box(85, 40, 205, 225, 8).Png()));

    [Fact]
    public void A_photograph_of_a_sheet_without_a_mark_is_refused() =>
        Assert.Throws<PictureException>(() => DigitReader.ReadDigit(new Paper().Gradient(0.5f).Grain(0.01f, 5).Png()));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_digit_of_straight_lines_alone_stays(bool isEight)
    {
        (float, float)[] zero = [(0.3f, 0.1f), (0.7f, 0.1f), (0.7f, 0.9f), (0.3f, 0.9f), (0.3f, 0.1f)];
        (float, float)[] eight = [.. zero, (0.3f, 0.5f), (0.7f, 0.5f)];
        var reading = DigitReader.ReadDigit(new Paper().Draw(isEight ? eight : zero, 40, 40, 200, 5).Png());
        Assert.DoesNotContain("cleared of ruled lines", reading.Steps);
    }

    [Fact]
    public void Red_on_blue_of_the_same_luminance_is_read()
    {
        var ink = new Rgb24(200, 40, 30);
        var paper = new Rgb24(42, 84, 218); // both have the luma 87
        var read = Drawing.Read(Drawing.Encode(120, 120, (x, y) => x is > 50 and < 60 && y is > 20 and < 100 ? ink : paper));
        var reference = Drawing.Read(Drawing.Encode(120, 120, (x, y) =>
            new L8(x is > 50 and < 60 && y is > 20 and < 100 ? (byte)0 : (byte)255)));
        Assert.Equal(reference, read);
    }

    [Fact]
    public void A_small_or_cornered_digit_of_28x28_is_scaled_and_centred()
    {
        var digit = Drawing.Digit();
        var cornered = Enumerable.Range(0, 784)
            .Select(i => i / 28 + 4 < 28 && i % 28 + 7 < 28 ? digit[(i / 28 + 4) * 28 + i % 28 + 7] : (byte)0)
            .ToArray();
        Assert.Equal(
            Drawing.Read(PngEncoding.Encode([.. digit.Select(level => (byte)(255 - level))], 28, 28)),
            Drawing.Read(PngEncoding.Encode(cornered, 28, 28)));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(300)]
    public void Noise_is_refused(int side)
    {
        var random = new Random(side);
        var noise = new byte[side * side];
        random.NextBytes(noise);
        var error = Assert.Throws<PictureException>(() => Drawing.Read(PngEncoding.Encode(noise, side, side))).Error;
        Assert.True(error is PictureError.NoInk or PictureError.SeveralDigits);
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(0.5f, 0f)]
    [InlineData(0.5f, 0.03f)]
    [InlineData(0f, 0.05f)]
    public void A_sheet_with_nothing_on_it_is_refused(float gradient, float grain) =>
        Assert.Equal(PictureError.NoInk, Assert.Throws<PictureException>(() =>
            Drawing.Read(new Paper().Gradient(gradient).Grain(grain, 5).Png())).Error);

    [Fact]
    public void Several_digits_are_counted_and_placed()
    {
        var pair = new Paper(600).Draw(Paper.Two, 60, 100, 150, 14).Draw(Paper.Two, 320, 100, 150, 14);
        var error = Assert.Throws<PictureException>(() => Drawing.Read(pair.Png()));
        Assert.Equal(PictureError.SeveralDigits, error.Error);
        var match = Regex.Match(error.Message, @"^the picture has several digits: expected one, got 2: "
            + @"(\d+)x(\d+) at \((\d+), (\d+)\), (\d+)x(\d+) at \((\d+), (\d+)\)$");
        Assert.True(match.Success, error.Message);
        int[] drawn = [112, 157, 82, 96, 112, 157, 342, 96]; // each two's ink: 0.65 by 0.95 of 150 pixels and the pen's 14
        for (var i = 0; i < drawn.Length; i++) // cells of up to six pixels on either side
            Assert.InRange(int.Parse(match.Groups[i + 1].ValueSpan), drawn[i] - 12, drawn[i] + 12);
    }

    /// <summary>Rows of letters, close or wide.</summary>
    [Theory]
    [InlineData(18, 26)]
    [InlineData(18, 22)]
    [InlineData(30, 44)]
    [InlineData(40, 60)]
    public void A_page_of_text_is_refused(int height, int spacing)
    {
        var page = Drawing.Encode(400, 400, (x, y) =>
        {
            int across = (x - 8) % spacing, down = (y - 8) % spacing;
            var isWithin = x >= 8 && y >= 8 && x < 392 - spacing && y < 392 - spacing && across < height * 2 / 3 && down < height;
            return new L8((byte)(isWithin && (across < 3 || down >= height - 3) ? 30 : 240));
        });
        Assert.Equal(PictureError.SeveralDigits, Assert.Throws<PictureException>(() => Drawing.Read(page)).Error);
    }

    /// <summary>Planes are rented and go back: what a second reading allocates does not grow with the picture.</summary>
    [Fact]
    public void What_is_allocated_does_not_grow_with_the_picture()
    {
        byte[] small = Spoiled(140), large = Spoiled(1400);
        Assert.InRange(Allocated(large), 0, Allocated(small) + 32 * 1024); // a hundred times the pixels, 1.9 MB of them

        static byte[] Spoiled(int side) =>
            new Paper(side).Draw([(0.2f, 0), (0.8f, 1)], side / 3f, side / 4f, side / 3f, side / 20f).Gradient(0.5f).Grain(0.02f, 7).Png();
    }

    /// <summary>The least of several readings: another thread may have emptied the pool in between.</summary>
    private static long Allocated(byte[] png)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            DigitReader.ReadDigit(png);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    /// <summary>A five whose bar does not touch, a broken stroke.</summary>
    [Fact]
    public void One_digit_in_several_parts_is_one()
    {
        (float X, float Y)[] body = [(0.3f, 0.15f), (0.28f, 0.45f), (0.7f, 0.5f), (0.72f, 0.85f), (0.25f, 0.9f)];
        var five = new Paper().Draw(body, 60, 60, 160, 12).Draw([(0.45f, 0.02f), (0.85f, 0)], 60, 60, 160, 12);
        Assert.Equal("5", Shipped.AnswerTo(five.Png()));
        var one = new Paper().Draw([(0.5f, 0), (0.5f, 0.45f)], 60, 60, 160, 12).Draw([(0.5f, 0.6f), (0.5f, 1)], 60, 60, 160, 12);
        Assert.Equal("1", Shipped.AnswerTo(one.Png()));
    }

    private static Paper Drawn() => new Paper().Draw(Paper.Two, 90, 60, 140, 14);

    private static double MeanDifference(byte[] a, byte[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();

    /// <summary>Twice the area over the outline, as the sum of slopes has it.</summary>
    private static double StrokeWidthOf(byte[] pixels)
    {
        double area = 0, outline = 0;
        for (var i = 0; i < 784 - 29; i++)
        {
            area += pixels[i];
            outline += Math.Sqrt(Math.Pow(pixels[i + 1] - pixels[i], 2) + Math.Pow(pixels[i + 28] - pixels[i], 2));
        }
        return 2 * area / outline;
    }
}
