using System.Buffers.Binary;
using System.IO.Hashing;
using MnistApi.TestData;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;
using static MnistApi.Imaging.Tests.Drawing;

namespace MnistApi.Imaging.Tests;

public sealed class DigitReaderTests
{
    private static readonly byte[] s_digit = Digit();

    [Fact]
    public void A_28x28_light_on_dark_picture_passes_bit_for_bit() =>
        Assert.Equal(s_digit, Read(PngEncoding.Encode(s_digit, 28, 28)));

    [Fact]
    public void So_it_does_when_saved_in_colour_or_interlaced()
    {
        Assert.Equal(s_digit, Read(Encode(28, 28, (x, y) => new Rgb24(s_digit[y * 28 + x], s_digit[y * 28 + x], s_digit[y * 28 + x]))));
        Assert.Equal(s_digit, Read(Encode(28, 28, (x, y) =>
            new Rgba32(s_digit[y * 28 + x], s_digit[y * 28 + x], s_digit[y * 28 + x], 255))));
        Assert.Equal(s_digit, Read(Encode(28, 28, (x, y) => new L8(s_digit[y * 28 + x]),
            new PngEncoder { InterlaceMethod = PngInterlaceMode.Adam7 })));
        Assert.Equal(s_digit, Read(Encode(28, 28, (x, y) => new L16((ushort)(s_digit[y * 28 + x] * 257)),
            new PngEncoder { BitDepth = PngBitDepth.Bit16 })));
    }

    [Fact]
    public async Task All_of_mnists_test_pictures_pass_bit_for_bit()
    {
        var set = await Mnist.TestAsync();
        var result = new byte[784];
        for (var i = 0; i < set.Count; i++)
        {
            DigitReader.ReadDigit(PngEncoding.Encode(set.Image(i), 28, 28)).Digits[0].Pixels.CopyTo(result);
            Assert.True(set.Image(i).SequenceEqual(result), $"picture {i} was changed");
        }
    }

    [Fact]
    public void The_recipe_gives_mnists_measures()
    {
        var read = Read(Encode(100, 60, (x, y) => new L8(InStroke(x, y) ? (byte)20 : (byte)235)));
        var ink = Enumerable.Range(0, 784).Where(i => read[i] > 0).ToArray();
        int width = ink.Max(i => i % 28) - ink.Min(i => i % 28) + 1, height = ink.Max(i => i / 28) - ink.Min(i => i / 28) + 1;
        Assert.Equal(20, Math.Max(width, height));
        double mass = read.Sum(pixel => pixel);
        Assert.InRange(ink.Sum(i => read[i] * (i % 28)) / mass, 13, 15);
        Assert.InRange(ink.Sum(i => read[i] * (i / 28)) / mass, 13, 15);
    }

    public static TheoryData<string> Variants =>
    [
        "shifted", "ten times as large", "inverted", "coloured", "on alpha", "constant colour on alpha", "white on transparent", "palette",
        "one bit",
    ];

    /// <summary>However the same ink is put on whatever background, the network sees nearly the same.</summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void The_same_digit_gives_nearly_the_same_pixels(string variant)
    {
        var reference = Read(Encode(60, 60, (x, y) => new L8((byte)(255 - Ink(x, y)))));
        var read = Read(variant switch
        {
            "shifted" => Encode(90, 70, (x, y) => new L8((byte)(255 - Ink(x - 25, y - 3)))),
            "ten times as large" => Encode(600, 600, (x, y) => new L8((byte)(255 - Ink(x / 10, y / 10)))),
            "inverted" => Encode(60, 60, (x, y) => new L8(Ink(x, y))),
            "coloured" => Encode(60, 60, (x, y) => Mix(new Rgb24(250, 250, 200), new Rgb24(20, 20, 120), Ink(x, y))),
            "on alpha" => Encode(60, 60, (x, y) => new Rgba32((byte)(x % 3), 0, 0, Ink(x, y))),
            "constant colour on alpha" => Encode(60, 60, (x, y) => new Rgba32(200, 30, 30, Ink(x, y))),
            "white on transparent" => Encode(60, 60, (x, y) => new Rgba32(255, 255, 255, Ink(x, y))),
            "palette" => Encode(60, 60, (x, y) => new L8((byte)(255 - Ink(x, y))), new PngEncoder { ColorType = PngColorType.Palette }),
            "one bit" => Encode(60, 60, (x, y) => new L8((byte)(255 - Ink(x, y))),
                new PngEncoder { ColorType = PngColorType.Grayscale, BitDepth = PngBitDepth.Bit1 }),
            _ => throw new ArgumentOutOfRangeException(nameof(variant)),
        });
        for (var i = 0; i < 784; i++)
            Assert.InRange(Math.Abs(reference[i] - read[i]), 0, 3);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 300)]
    [InlineData(300, 2)]
    [InlineData(27, 28)]
    public void Any_size_is_read(int width, int height)
    {
        // the middle fifth of its longer side is dark, where it has one
        var png = Encode(width, height, (x, y) => new L8(IsMiddle(x, y) ? (byte)0 : (byte)255));
        if (width * height == 1)
        {
            Assert.Equal(PictureError.NoInk, Assert.Throws<PictureException>(() => Read(png)).Error);
            return;
        }
        var read = Read(png);
        var ink = Enumerable.Range(0, 784).Where(i => read[i] > 0).ToArray();
        Assert.Equal(20, width > height ? Extent(i => i % 28) : Extent(i => i / 28));
        Assert.InRange(width > height ? Extent(i => i / 28) : Extent(i => i % 28), 1, width > 20 && height > 20 ? 20 : 3);

        bool IsMiddle(int x, int y) => width > height
            ? x >= 2 * width / 5 && x < 3 * width / 5
            : y >= 2 * height / 5 && y < 3 * height / 5 && (width < 20 || x is > 11 and < 15);

        int Extent(Func<int, int> of) => ink.Max(of) - ink.Min(of) + 1;
    }

    [Theory]
    [InlineData(0, 28)]
    [InlineData(255, 28)]
    [InlineData(20, 28)]
    [InlineData(100, 28)]
    [InlineData(128, 300)]
    public void A_blank_picture_is_refused(byte level, int side)
    {
        var error = Assert.Throws<PictureException>(() => Read(Encode(side, side, (_, _) => new L8(level))));
        Assert.Equal(PictureError.NoInk, error.Error);
        Assert.StartsWith("the picture is blank", error.Message);
    }

    [Fact]
    public void Scanner_noise_on_white_paper_is_blank()
    {
        var random = new Random(1);
        Assert.Equal(PictureError.NoInk, Assert.Throws<PictureException>(() =>
            Read(Encode(200, 200, (_, _) => new L8((byte)random.Next(240, 256))))).Error);
    }

    [Fact]
    public void Dark_ink_on_mid_grey_paper_is_dark_ink()
    {
        var read = Read(Encode(60, 60, (x, y) => new L8(Ink(x, y) > 0 ? (byte)10 : (byte)120)));
        var reference = Read(Encode(60, 60, (x, y) => new L8((byte)(255 - Ink(x, y)))));
        Assert.Equal(reference, read);
    }

    [Theory]
    [InlineData(24, 3)] // bit depth
    [InlineData(25, 1)] // colour type
    [InlineData(25, 5)]
    [InlineData(26, 1)] // compression
    [InlineData(27, 1)] // filter
    [InlineData(28, 2)] // interlace
    public void A_header_of_impossible_values_is_refused(int at, byte value)
    {
        var png = PngEncoding.Encode(s_digit, 28, 28);
        png[at] = value;
        var error = Assert.Throws<PictureException>(() => Read(WithChecksum(png)));
        Assert.Equal(PictureError.Damaged, error.Error);
        Assert.Contains("its header has colour type", error.Message);
    }

    [Fact]
    public void A_second_header_is_refused()
    {
        var png = PngEncoding.Encode(s_digit, 28, 28);
        var header = png[8..33];
        Assert.Contains("which is none for a picture, or a second header",
            Assert.Throws<PictureException>(() => Read([.. png[..33], .. header, .. png[33..]])).Message);
    }

    [Fact]
    public void A_wrong_checksum_is_refused()
    {
        var png = PngEncoding.Encode(s_digit, 28, 28);
        png[^20] ^= 1; // in the picture data
        Assert.Contains("the checksum of its chunk", Assert.Throws<PictureException>(() => Read(png)).Message);
    }

    [Fact]
    public void Too_many_pixels_are_refused_before_decoding()
    {
        var png = PngEncoding.Encode(new byte[100], 10, 10);
        png[16 + 2] = 255; // the width in the header becomes 65,290; decoding it would be an error of another kind
        png = WithChecksum(png);
        var error = Assert.Throws<PictureException>(() => DigitReader.ReadDigit(png, maxPixels: 1000));
        Assert.Equal(PictureError.TooManyPixels, error.Error);
        Assert.Equal("expected at most 1000 pixels, got 65290x10 = 652900", error.Message);
        Assert.Equal("expected at most 600 pixels, got 10x10 = 640, where a row counts as 64",
            Assert.Throws<PictureException>(() =>
                DigitReader.ReadDigit(PngEncoding.Encode(new byte[100], 10, 10), maxPixels: 600)).Message);
    }

    [Theory]
    [InlineData(new byte[0], "expected a PNG or JPEG, got nothing")]
    [InlineData(new byte[] { (byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'9', (byte)'a' },
        "expected a PNG or JPEG, got a GIF: convert it to PNG or JPEG")]
    [InlineData(new byte[] { 1, 2, 3 }, "expected a PNG or JPEG, got 3 bytes that begin with 010203")]
    public void Other_files_are_called_by_their_name(byte[] file, string message)
    {
        var error = Assert.Throws<PictureException>(() => Read(file));
        Assert.Equal((PictureError.NotPicture, message), (error.Error, error.Message));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var png = PngEncoding.Encode(s_digit, 28, 28);
        for (var length = 8; length < png.Length; length++)
            Assert.Equal(PictureError.Damaged, Assert.Throws<PictureException>(() => Read(png[..length])).Error);
    }

    /// <summary>
    /// Whole chunks with right checksums around too little data: the decoder alone would never return from the interlaced one.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Too_little_data_is_refused(byte interlace)
    {
        var png = PngEncoding.Encode(s_digit, 28, 28);
        png[28] = interlace;
        png[23] = 56; // twice the rows
        Assert.Contains("its data has 812 bytes, expected", Assert.Throws<PictureException>(() => Read(WithChecksum(png))).Message);
    }

    [Fact]
    public void Too_much_data_is_refused()
    {
        var png = PngEncoding.Encode(s_digit, 28, 28);
        png[23] = 14; // half the rows
        Assert.Contains("its data has more than 406 bytes, expected 406",
            Assert.Throws<PictureException>(() => Read(WithChecksum(png))).Message);
    }

    [Theory]
    [InlineData("1x1 interlaced",
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAFNeavDAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==",
        "interlaced pictures are read from 5 pixels a row on, this one has 1")]
    [InlineData("a preset dictionary",
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAADklEQVR4uwAAAABj+A8AAQEBAE4ChAkAAAAASUVORK5CYII=",
        "its data does not unpack")]
    public void What_stopped_the_decoder_is_refused(string what, string base64, string message) =>
        Assert.True(
            Assert.Throws<PictureException>(() => Read(Convert.FromBase64String(base64)))
                .Message.Contains(message, StringComparison.Ordinal),
            what);

    [Fact]
    public void Data_in_many_chunks_is_joined_and_other_chunks_are_passed_by()
    {
        var png = PngEncoding.Encode(s_digit, 28, 28);
        var data = png[41..^16]; // after signature, header, length and type; before checksum and end
        foreach (var size in new[] { 1, 2, 7 })
        {
            var parts = data.Chunk(size).SelectMany(part => Chunk("IDAT", part));
            Assert.Equal(s_digit, Read([.. png[..33], .. Chunk("tEXt", [65, 0, 66]), .. parts, .. Chunk("IDAT", []), .. png[^12..]]));
        }
        Assert.Contains("its data is interrupted by another chunk", Assert.Throws<PictureException>(() =>
            Read([.. png[..33], .. Chunk("IDAT", data[..10]), .. Chunk("tEXt", [65, 0, 66]), .. Chunk("IDAT", data[10..]),
                .. png[^12..]])).Message);
        Assert.Contains("which is none for a picture",
            Assert.Throws<PictureException>(() => Read([.. png[..33], .. Chunk("ABCD", []), .. png[33..]])).Message);
        Assert.Contains("it has a transparency chunk of 3 bytes",
            Assert.Throws<PictureException>(() => Read([.. png[..33], .. Chunk("tRNS", [1, 2, 3]), .. png[33..]])).Message);
    }

    [Fact]
    public void An_index_beyond_the_palette_is_refused()
    {
        var png = Encode(28, 28, (x, y) => new L8((byte)(255 - Ink(2 * x, 2 * y))),
            new PngEncoder { ColorType = PngColorType.Palette, BitDepth = PngBitDepth.Bit8 });
        var (start, length) = Find(png, "PLTE");
        var first = png[(start + 8)..(start + 11)];
        byte[] shortened = [.. png[..start], .. Chunk("PLTE", first), .. png[(start + 12 + length)..]];
        Assert.Contains("the palette 1 entries", Assert.Throws<PictureException>(() => Read(shortened)).Message);
        byte[] without = [.. png[..start], .. png[(start + 12 + length)..]];
        Assert.Contains("it has no palette", Assert.Throws<PictureException>(() => Read(without)).Message);
        byte[] wrong = [.. png[..start], .. Chunk("PLTE", [1, 2]), .. png[(start + 12 + length)..]];
        Assert.Contains("it has a palette of 2 bytes", Assert.Throws<PictureException>(() => Read(wrong)).Message);
    }

    [Fact]
    public void No_single_damaged_byte_does_more_than_a_picture_error()
    {
        var png = PngEncoding.Encode(s_digit, 28, 28);
        for (var i = 0; i < png.Length; i++)
        {
            foreach (var flip in new byte[] { 0x01, 0x80, 0xFF })
            {
                var damaged = (byte[])png.Clone();
                damaged[i] ^= flip;
                WithChecksum(damaged);
                if (png.Length - i is > 16 and < 700)
                {
                    BinaryPrimitives.WriteUInt32BigEndian(
                        damaged.AsSpan(png.Length - 16), Crc32.HashToUInt32(damaged.AsSpan(37, png.Length - 16 - 37)));
                }
                try
                {
                    Read(damaged);
                }
                catch (PictureException)
                {
                    // refused, with a reason
                }
            }
        }
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] typeAndContent = [.. System.Text.Encoding.ASCII.GetBytes(type), .. content];
        var numbers = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(numbers, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(numbers.AsSpan(4), Crc32.HashToUInt32(typeAndContent));
        return [.. numbers[..4], .. typeAndContent, .. numbers[4..]];
    }

    private static (int Start, int Length) Find(byte[] png, string type)
    {
        var at = 8;
        while (System.Text.Encoding.ASCII.GetString(png, at + 4, 4) != type)
            at += 12 + BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
        return (at, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at)));
    }

    /// <summary>The header's checksum put right after a change.</summary>
    private static byte[] WithChecksum(byte[] png)
    {
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32.HashToUInt32(png.AsSpan(12, 17)));
        return png;
    }

    private static bool InStroke(int x, int y) => x is > 40 and < 46 && y is > 10 and < 50;

    private static byte Ink(int x, int y) =>
        x is >= 22 and < 28 && y is >= 10 and < 50 || x is >= 15 and < 40 && y is >= 20 and < 26 ? (byte)255 : (byte)0;

    private static Rgb24 Mix(Rgb24 background, Rgb24 ink, byte share) => share == 255 ? ink : background;
}
