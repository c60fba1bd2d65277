using System.Buffers.Binary;
using CsCheck;
using MnistApi.TestData;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Imaging.Tests;

/// <summary>Every usual kind of JPEG is read as the PNG of the same drawing is; wrong ones are refused, each for its reason.</summary>
public sealed class JpegTests
{
    private const int Side = 112;
    private const int FewPixels = 1 << 16; // for files whose size is a changed byte: larger ones only take longer
    private const long MaxAllocated = 1 << 20;

    private static readonly byte[] s_pixels = Drawing.Digit();
    private static readonly byte[] s_jpeg = Encode(JpegColorType.Luminance);

    private static readonly Dictionary<string, (Func<byte[]> File, string Message)> s_refused = new()
    {
        ["0 x 112"] = (() => WithSize(0, Side), "its size is 0x112"),
        ["112 x 0"] = (() => WithSize(Side, 0), "its size is 112x0"),
        ["65,535 x 65,535"] = (() => WithSize(65_535, 65_535), "got 65535x65535 = 4294836225"),
        ["65,535 x 1,000"] = (() => WithSize(65_535, 1000), "expected at most 16777216 pixels, got 65535x1000"),
        ["4,000 x 65,535"] = (() => WithSize(4000, 65_535), "expected at most"),
        ["4,096 x 4,096 in a small file"] = (() => WithSize(4096, 4096), "too short for 4096x4096 pixels"),
        ["65 scans"] = (() => WithScans(65), "more than 64 scans"),
        ["100,000 scans"] = (() => WithScans(100_000), "more than 64 scans"),
        ["a scan before the frame"] = (() => [.. s_jpeg[..2], .. Part(0xDA), .. s_jpeg[2..]], "a scan before its frame"),
        ["lossless"] = (() => WithFrame(0xC3), "coded in a rare way (0xFFC3)"),
        ["arithmetic"] = (() => WithFrame(0xC9), "coded in a rare way (0xFFC9)"),
        ["arithmetic and progressive"] = (() => WithFrame(0xCA), "coded in a rare way (0xFFCA)"),
        ["two frames"] = (() => [.. s_jpeg[..2], .. Part(0xC0), .. s_jpeg[2..]], "it has two frames"),
        ["no scan"] = (() => [.. s_jpeg[..At(0xDA)], 0xFF, 0xD9], "it has no picture"),
        ["no frame"] = (() => [0xFF, 0xD8, 0xFF, 0xD9], "it has no picture"),
        ["a segment that goes on beyond the file"] = (() => [0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF, 0, 0], "a segment goes on beyond its end"),
        ["a segment of no length"] = (() => [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0], "a segment goes on beyond its end"),
        ["no marker"] = (() => [0xFF, 0xD8, 0xFF, 0xE0, 0, 2, 1, 2], "expected a marker at byte 6, got 0x01"),
        ["a second start"] = (() => [.. s_jpeg[..2], .. s_jpeg], "0xFFD8 stands where a segment was expected"),
        ["12 bits"] = (() => Changed(At(0xC0) + 4, 12), "of 8 bits"),
        ["two components"] = (() => Changed(At(0xC0) + 9, 2), "of a kind that is not read"),
        ["more components than its length has"] = (() => Changed(At(0xC0) + 9, 3), "of a kind that is not read"),
        ["a sampling factor of 0"] = (() => Changed(At(0xC0) + 11, 0x01), "sampling factors"),
        ["a sampling factor of 15"] = (() => Changed(At(0xC0) + 11, 0xF1), "sampling factors"),
    };

    public static TheoryData<string> Refused => [.. s_refused.Keys];

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_wrong_file_is_refused_for_its_reason_before_anything_is_decoded(string name)
    {
        var (make, message) = s_refused[name];
        var file = make();
        Assert.Throws<PictureException>(() => Drawing.Read(file)); // what is allocated once
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<PictureException>(() => Drawing.Read(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocated);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JpegColorType.Luminance)]
    [InlineData(JpegColorType.YCbCrRatio420)]
    [InlineData(JpegColorType.YCbCrRatio444)]
    [InlineData(JpegColorType.Rgb)]
    public void Every_colour_type_is_read_as_the_png_is(JpegColorType colour) =>
        AssertNear(Drawing.Read(Png()), Drawing.Read(Encode(colour)));

    /// <summary>The two files are one drawing of ours, written by another encoder: ImageSharp 2.1 writes neither kind.</summary>
    [Theory]
    [InlineData("seven-progressive.jpg")]
    [InlineData("seven-cmyk.jpg")]
    public void Progressive_and_printing_inks_are_read_as_the_png_is(string name) =>
        AssertNear(Drawing.Read(File("seven-drawn.png")), Drawing.Read(File(name)));

    public static TheoryData<int> Ways => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_picture_is_turned_as_its_exif_says(int way)
    {
        var stored = Encode(JpegColorType.Luminance, (x, y) => Shown(way, x, y));
        byte[] exif = [.. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)way, 0, 0, 0, 0, 0, 0, 0];
        byte[] file = [.. stored[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. stored[2..]];
        AssertNear(Drawing.Read(Png()), Drawing.Read(file));

        static (int X, int Y) Shown(int way, int x, int y) => way switch
        {
            2 => (Side - 1 - x, y),
            3 => (Side - 1 - x, Side - 1 - y),
            4 => (x, Side - 1 - y),
            5 => (y, x),
            6 => (Side - 1 - y, x),
            7 => (Side - 1 - y, Side - 1 - x),
            8 => (y, Side - 1 - x),
            _ => (x, y),
        };
    }

    public static TheoryData<string> Kinds => ["grey", "seven-progressive.jpg", "seven-cmyk.jpg"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_that_ends_early_is_refused_at_every_length(string kind)
    {
        var file = Of(kind);
        for (var length = 0; length < file.Length; length++)
            Assert.Throws<PictureException>(() => Drawing.Read(file[..length]));
        Assert.NotEmpty(Drawing.Read([.. file, 1, 2, 3])); // cameras write more behind the end
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_byte_changed_gives_an_answer_or_a_reason(string kind)
    {
        var file = Of(kind);
        for (var at = 0; at < file.Length; at++)
        {
            foreach (var value in (ReadOnlySpan<byte>)[0, 0xFF, (byte)(file[at] ^ 1), (byte)(file[at] ^ 0x80)])
            {
                var changed = (byte[])file.Clone();
                changed[at] = value;
                AssertAnswered(changed);
            }
        }
    }

    [Fact]
    public void Files_near_right_ones_give_an_answer_or_a_reason() =>
        Mutated.Of(Of("grey"), Of("seven-progressive.jpg"), Of("seven-cmyk.jpg")).Sample(AssertAnswered, iter: 2000);

    [Fact]
    public void Any_bytes_behind_a_right_head_give_an_answer_or_a_reason()
    {
        var file = Of("seven-progressive.jpg");
        Gen.Select(Gen.Int[2, file.Length], Gen.Byte.Array[0, 500])
            .Sample((length, more) => AssertAnswered([.. file[..length], .. more, 0xFF, 0xD9]), iter: 2000);
    }

    [Fact]
    public void Progressive_scans_beyond_the_right_ones_are_an_answer_or_a_reason()
    {
        var file = Of("seven-progressive.jpg");
        AssertAnswered([.. file[..^2], .. file[file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA])..]]);
    }

    [Fact]
    public void A_format_that_is_turned_off_is_named()
    {
        AssertNotRead(s_jpeg, PictureFormats.Png, "expected a PNG, got a JPEG");
        AssertNotRead(Png(), PictureFormats.Jpeg, "expected a JPEG, got a PNG");
        DigitReader.ReadDigit(s_jpeg, formats: PictureFormats.Jpeg);

        static void AssertNotRead(byte[] file, PictureFormats formats, string message)
        {
            var error = Assert.Throws<PictureException>(() => DigitReader.ReadDigit(file, formats: formats));
            Assert.Equal((PictureError.NotPicture, message), (error.Error, error.Message));
        }
    }

    private static void AssertAnswered(byte[] file)
    {
        try
        {
            DigitReader.ReadDigit(file, FewPixels);
        }
        catch (PictureException error)
        {
            Assert.NotEmpty(error.Message);
        }
    }

    private static void AssertNear(byte[] expected, byte[] got)
    {
        const double MaxMean = 4; // grey levels: what quality 90 leaves of a hard edge
        Assert.InRange(expected.Zip(got, (a, b) => Math.Abs(a - b)).Average(), 0, MaxMean);
    }

    private static byte[] Of(string kind) => kind == "grey" ? s_jpeg : File(kind);

    private static byte[] File(string name) => System.IO.File.ReadAllBytes(Clone.PathOf("tests", "MnistApi.TestData", name));

    private static byte[] Png() => Drawing.Encode(Side, Side, (x, y) => new L8(Level(x, y)));

    private static byte[] Encode(JpegColorType colour) => Encode(colour, (x, y) => (x, y));

    private static byte[] Encode(JpegColorType colour, Func<int, int, (int X, int Y)> shown)
    {
        using var image = new Image<Rgb24>(Side, Side);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var (right, down) = shown(x, y);
                var level = Level(right, down);
                image[x, y] = new Rgb24(level, level, level);
            }
        }
        using var stream = new MemoryStream();
        image.Save(stream, new JpegEncoder { ColorType = colour, Quality = 90 });
        return stream.ToArray();
    }

    private static byte Level(int x, int y) => (byte)(255 - s_pixels[y * 28 / Side * 28 + x * 28 / Side]);

    /// <summary>Where a segment's marker stands.</summary>
    private static int At(byte marker) => s_jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, marker]);

    /// <summary>A segment with its marker.</summary>
    private static byte[] Part(byte marker) =>
        s_jpeg[At(marker)..(At(marker) + 2 + BinaryPrimitives.ReadUInt16BigEndian(s_jpeg.AsSpan(At(marker) + 2)))];

    private static byte[] Changed(int at, byte value)
    {
        var file = (byte[])s_jpeg.Clone();
        file[at] = value;
        return file;
    }

    private static byte[] WithFrame(byte marker) => Changed(At(0xC0) + 1, marker);

    private static byte[] WithSize(int width, int height)
    {
        var file = (byte[])s_jpeg.Clone();
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(At(0xC0) + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(At(0xC0) + 7), (ushort)width);
        return file;
    }

    private static byte[] WithScans(int count)
    {
        var scan = s_jpeg[At(0xDA)..^2];
        return [.. s_jpeg[..At(0xDA)], .. Enumerable.Repeat(scan[..16], count).SelectMany(bytes => bytes), 0xFF, 0xD9];
    }
}
