using MnistApi.TestData;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Imaging.Tests;

/// <summary>Test digits side by side are read as a number, each where it stands; what is no line of at most twenty is refused.</summary>
public sealed class NumberTests
{
    private const int Margin = 10;

    [Theory]
    [InlineData(2, 3, 1)]
    [InlineData(3, 5, 1)]
    [InlineData(4, 4, 1)]
    [InlineData(2, 3, 4)]
    [InlineData(4, 6, 4)]
    public async Task Each_digit_is_read_in_its_box(int count, int gap, int scale)
    {
        const int Numbers = 25;
        int same = 0, all = 0;
        for (var number = 0; number < Numbers; number++)
        {
            var line = await Line.Of([.. Enumerable.Range(0, count).Select(i => number * count + i)], gap, scale);
            var read = DigitReader.ReadNumber(line.Encode((ink, _, _) => new L8((byte)(255 - ink)))).Digits;
            Assert.True(read.Count == count,
                $"number {number} has {read.Count} digits: {string.Join(", ", read.Select(digit => digit.Box))}");
            for (var i = 0; i < count; i++)
            {
                AssertNear(line.Boxes[i], read[i].Box);
                same += Shipped.Answer(read[i].Pixels) == Shipped.Answer(line.Digits[i]) ? 1 : 0;
                all++;
            }
        }
        Assert.True(same >= 0.98 * all, $"{same} of {all} digits are read as they are alone");
    }

    [Theory]
    [InlineData("inverted")]
    [InlineData("coloured")]
    [InlineData("on alpha")]
    [InlineData("white on transparent")]
    [InlineData("hazy")]
    [InlineData("with specks")]
    [InlineData("with a dark corner")]
    [InlineData("in 12 of 16 bits")]
    public async Task However_it_is_put_it_is_the_same_number(string variant)
    {
        var line = await Line.Of([0, 1, 2], gap: 6, scale: 4);
        var random = new Random(1);
        var png = variant switch
        {
            "inverted" => line.Encode((ink, _, _) => new L8(ink)),
            "coloured" => line.Encode((ink, _, _) =>
                new Rgb24((byte)(60 + ink * 140 / 255), (byte)(90 - ink * 50 / 255), (byte)(220 - ink * 190 / 255))),
            "on alpha" => line.Encode((ink, _, _) => new Rgba32(20, 60, 160, ink)),
            "white on transparent" => line.Encode((ink, _, _) => new Rgba32(255, 255, 255, ink)),
            "hazy" => line.Encode((ink, _, _) => new L8((byte)Math.Min(255 - ink, random.Next(251, 255)))),
            "with specks" => line.Encode((ink, x, y) => new L8(x % 41 is 0 or 1 && y < 12 && y % 5 < 2 ? (byte)0 : (byte)(255 - ink))),
            "with a dark corner" => line.Encode((ink, x, y) => new L8(x + y < 24 ? (byte)40 : (byte)(255 - ink))),
            "in 12 of 16 bits" => line.Encode((ink, _, _) => new L16((ushort)((255 - ink) * 4095 / 255))),
            _ => throw new ArgumentOutOfRangeException(nameof(variant)),
        };
        var reading = DigitReader.ReadNumber(png);
        Assert.Equal(3, reading.Digits.Count);
        for (var i = 0; i < 3; i++)
        {
            AssertNear(line.Boxes[i], reading.Digits[i].Box);
            Assert.Equal(Shipped.Answer(line.Digits[i]), Shipped.Answer(reading.Digits[i].Pixels));
        }
        if (variant.StartsWith("with", StringComparison.Ordinal))
            Assert.Contains("cleared of specks", reading.Steps);
    }

    [Fact]
    public async Task One_digit_is_a_number_of_one()
    {
        var set = await Mnist.TestAsync();
        var reading = DigitReader.ReadNumber(PngEncoding.Encode(set.Image(0), 28, 28));
        Assert.Equal(set.Image(0).ToArray(), Assert.Single(reading.Digits).Pixels);
    }

    [Fact]
    public async Task More_than_twenty_digits_are_refused()
    {
        var twenty = await Line.Of([.. Enumerable.Repeat(0, 20)], gap: 5, scale: 1);
        Assert.Equal(20, DigitReader.ReadNumber(twenty.Encode((ink, _, _) => new L8((byte)(255 - ink)))).Digits.Count);
        var more = await Line.Of([.. Enumerable.Repeat(0, 21)], gap: 5, scale: 1);
        var error = Assert.Throws<PictureException>(() => DigitReader.ReadNumber(more.Encode((ink, _, _) => new L8((byte)(255 - ink)))));
        Assert.Equal(PictureError.SeveralDigits, error.Error);
        Assert.StartsWith("the picture has too many digits: expected at most 20, got 21: ", error.Message);
        Assert.EndsWith(", ...", error.Message);
    }

    [Fact]
    public async Task Two_lines_are_refused()
    {
        var line = await Line.Of([0, 1], gap: 6, scale: 3);
        var png = Drawing.Encode(line.Width, 2 * line.Height, (x, y) => new L8((byte)(255 - line.Ink(x, y % line.Height))));
        var error = Assert.Throws<PictureException>(() => DigitReader.ReadNumber(png));
        Assert.Equal(PictureError.SeveralDigits, error.Error);
    }

    [Fact]
    public void A_page_of_print_is_no_number()
    {
        var page = Drawing.Encode(400, 400, (x, y) => new L8(
            x % 24 is > 6 and < 10 && y % 30 is > 6 and < 22 || x % 24 is > 6 and < 18 && y % 30 is > 18 and < 22
                ? (byte)30
                : (byte)240));
        Assert.Equal(PictureError.SeveralDigits, Assert.Throws<PictureException>(() => DigitReader.ReadNumber(page)).Error);
    }

    [Fact]
    public void One_dark_pixel_is_no_digit()
    {
        var error = Assert.Throws<PictureException>(() =>
            Drawing.Read(Drawing.Encode(28, 28, (x, y) => new L8(x == 9 && y == 20 ? (byte)0 : (byte)255))));
        Assert.Equal(PictureError.NoInk, error.Error);
    }

    /// <summary>What cameras and instruments store in 16 bits, and leave the upper ones unused.</summary>
    [Theory]
    [InlineData(1023)]
    [InlineData(4095)]
    [InlineData(16383)]
    public async Task A_small_part_of_16_bits_is_enough(int max)
    {
        var set = await Mnist.TestAsync();
        var original = set.Image(0).ToArray();
        var read = Drawing.Read(Drawing.Encode(28, 28, (x, y) => new L16((ushort)(original[y * 28 + x] * max / 255))));
        Assert.InRange(original.Zip(read, (a, b) => Math.Abs(a - b)).Max(), 0, 2);
    }

    /// <summary>JPEG leaves it on white paper; a box drawn around it makes the digit small.</summary>
    [Fact]
    public async Task Haze_does_not_move_the_box()
    {
        var line = await Line.Of([0], gap: 0, scale: 1);
        var random = new Random(2);
        var clean = Drawing.Read(line.Encode((ink, _, _) => new L8((byte)(255 - ink))));
        var hazy = Drawing.Read(line.Encode((ink, _, _) => new L8((byte)Math.Min(255 - ink, random.Next(251, 255)))));
        Assert.InRange(clean.Zip(hazy, (a, b) => Math.Abs(a - b)).Average(), 0, 3);
    }

    private static void AssertNear(PictureBox expected, PictureBox got)
    {
        int[] apart =
        [
            expected.Left - got.Left,
            expected.Top - got.Top,
            expected.Left + expected.Width - got.Left - got.Width,
            expected.Top + expected.Height - got.Top - got.Height,
        ];
        Assert.True(apart.All(pixels => Math.Abs(pixels) <= 2), $"expected {expected}, got {got}");
    }

    /// <summary>Test digits in a row, with so many pixels of MNIST's between their inks.</summary>
    private sealed class Line(byte[][] digits, int gap, int scale)
    {
        private readonly (int Left, int Top, int Right, int Bottom)[] _inks = [.. digits.Select(Tight)];

        public byte[][] Digits => digits;

        public int Width => scale * (2 * Margin + _inks.Sum(ink => ink.Right - ink.Left) + gap * (digits.Length - 1));

        public int Height => scale * (28 + 2 * Margin);

        public PictureBox[] Boxes =>
            [.. _inks.Select((ink, i) => new PictureBox(
                scale * Start(i), scale * (Margin + ink.Top), scale * (ink.Right - ink.Left), scale * (ink.Bottom - ink.Top)))];

        public static async Task<Line> Of(int[] indices, int gap, int scale)
        {
            var set = await Mnist.TestAsync();
            return new Line([.. indices.Select(i => set.Image(i).ToArray())], gap, scale);
        }

        public byte Ink(int x, int y)
        {
            (x, y) = (x / scale, y / scale - Margin);
            for (var i = 0; i < digits.Length; i++)
            {
                var column = x - Start(i) + _inks[i].Left;
                if (column >= _inks[i].Left && column < _inks[i].Right && y is >= 0 and < 28)
                    return digits[i][y * 28 + column];
            }
            return 0;
        }

        public byte[] Encode<TPixel>(Func<byte, int, int, TPixel> pixel)
            where TPixel : unmanaged, IPixel<TPixel> => Drawing.Encode(Width, Height, (x, y) => pixel(Ink(x, y), x, y));

        private int Start(int i) => Margin + _inks[..i].Sum(ink => ink.Right - ink.Left) + gap * i;

        /// <summary>Where there is more than the faintest edge.</summary>
        private static (int Left, int Top, int Right, int Bottom) Tight(byte[] digit)
        {
            var ink = Enumerable.Range(0, digit.Length).Where(i => digit[i] >= 51).ToArray();
            return (ink.Min(i => i % 28), ink.Min(i => i / 28), ink.Max(i => i % 28) + 1, ink.Max(i => i / 28) + 1);
        }
    }
}
