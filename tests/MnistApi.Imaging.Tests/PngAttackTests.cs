using System.Text;
using MnistApi.TestData;

namespace MnistApi.Imaging.Tests;

/// <summary>Pictures made to hurt: each is refused for its own reason, or read as what it is, and takes little memory.</summary>
public sealed class PngAttackTests
{
    private const long MaxAllocated = 4 << 20;
    private const int All = (1 << 30) + 1; // a gigabyte behind a megabyte

    private static readonly Lazy<byte[]> s_gigabyte = new(() => RawPng.PackedZeros(All));
    private static readonly RawPng s_digit = new(28, 28, 0, 8);
    private static readonly byte[] s_pixels = Drawing.Digit();
    private static readonly byte[] s_plain = s_digit.Of((x, y, _) => s_pixels[y * 28 + x]);
    private static readonly byte[] s_data = RawPng.Pack(s_digit.Rows((x, y, _) => s_pixels[y * 28 + x]));
    private static readonly byte[] s_header = RawPng.Header(28, 28, 8, 0);
    private static readonly byte[] s_end = RawPng.Chunk("IEND", []);

    private static readonly Dictionary<string, (Func<byte[]> File, PictureError Error, string Message)> s_refused = new()
    {
        ["50,000 x 50,000 of one bit"] = (() => new RawPng(50_000, 50_000, 0, 1).With(RawPng.PackedZeros(50_000L * 6251)),
            PictureError.TooManyPixels, "got 50000x50000 = 2500000000"),
        ["50,000 x 50,000 of one bit, interlaced"] = (() => new RawPng(50_000, 50_000, 0, 1, true).With([]),
            PictureError.TooManyPixels, "got 50000x50000"),
        ["65,535 x 65,535 of 64 bits"] = (() => new RawPng(65_535, 65_535, 6, 16).With([]), PictureError.TooManyPixels, "got 65535x65535"),
        ["2^31-1 x 2^31-1"] = (() => new RawPng(int.MaxValue, int.MaxValue, 6, 16, true).With([]),
            PictureError.TooManyPixels, "got 2147483647x2147483647"),
        ["2^31-1 x 1"] = (() => new RawPng(int.MaxValue, 1, 0, 1).With([]), PictureError.TooManyPixels, "got 2147483647x1 = 2147483647"),
        ["1 x 2^31-1"] = (() => new RawPng(1, int.MaxValue, 0, 1).With([]), PictureError.TooManyPixels, "got 1x2147483647"),
        ["1 x 16,777,216"] = (() => new RawPng(1, 1 << 24, 0, 1).With([]), PictureError.TooManyPixels, "where a row counts as 64"),
        ["2^31 x 1"] = (() => RawPng.File(RawPng.Header(1u << 31, 1, 8, 0), RawPng.Chunk("IDAT", []), s_end),
            PictureError.Damaged, "its size is 2147483648x1"),
        ["2^32-1 x 2^32-1"] = (() => RawPng.File(RawPng.Header(uint.MaxValue, uint.MaxValue, 8, 0), RawPng.Chunk("IDAT", []), s_end),
            PictureError.Damaged, "its size is"),
        ["0 x 28"] = (() => RawPng.File(RawPng.Header(0, 28, 8, 0), RawPng.Chunk("IDAT", s_data), s_end),
            PictureError.Damaged, "its size is 0x28"),
        ["a gigabyte behind the data"] = (() => s_digit.With(s_gigabyte.Value),
            PictureError.Damaged, "its data has more than 812 bytes, expected 812"),
        ["a gigabyte behind a palette's data"] = (() => (new RawPng(28, 28, 3, 8) { Palette = new byte[3] }).With(s_gigabyte.Value),
            PictureError.Damaged, "its data has more than 812 bytes"),
        ["a wrong checksum of the unpacked data"] = (() => s_digit.With([.. s_data[..^1], (byte)(s_data[^1] ^ 1)]),
            PictureError.Damaged, "its data does not unpack"),
        ["data without its end"] = (() => s_digit.With(s_data[..^6]), PictureError.Damaged, "the PNG is truncated or damaged: "),
        ["no data"] = (() => RawPng.File(s_header, s_end), PictureError.Damaged, "it has no picture data"),
        ["empty data"] = (() => s_digit.With([]), PictureError.Damaged, "its data has 0 bytes, too few to unpack to the 812 expected"),
        ["data that is none"] = (() => s_digit.With(Encoding.ASCII.GetBytes(new string('A', 900))),
            PictureError.Damaged, "its data does not unpack"),
        ["nothing but a signature"] = (() => RawPng.File(), PictureError.Damaged, "it ends before its end chunk"),
        ["a chunk of 2^32-1 bytes"] = (() => [.. RawPng.File(s_header), 0xFF, 0xFF, 0xFF, 0xFF, .. "IDAT"u8, 0, 0, 0, 0],
            PictureError.Damaged, "a chunk of 4294967295 bytes begins 12 bytes before its end"),
        ["no end chunk"] = (() => s_plain[..^12], PictureError.Damaged, "it ends before its end chunk"),
        ["filter 5"] = (() => s_digit.With(RawPng.Pack([5, .. new byte[811]])), PictureError.Damaged, "the PNG is truncated or damaged: "),
        ["filter 255 in a picture with a palette"] = (() =>
            (new RawPng(28, 28, 3, 8) { Palette = new byte[3] }).With(RawPng.Pack([255, .. new byte[811]])),
            PictureError.Damaged, "its data cannot be decoded"),
        ["a palette of none"] = (() => new RawPng(28, 28, 3, 8).With(s_data), PictureError.Damaged, "it has no palette"),
        ["a palette of nothing"] = (() => (new RawPng(28, 28, 3, 8) { Palette = [] }).With(s_data),
            PictureError.Damaged, "it has a palette of 0 bytes"),
        ["a palette of 257 colours"] = (() => (new RawPng(28, 28, 3, 8) { Palette = new byte[771] }).With(s_data),
            PictureError.Damaged, "it has a palette of 771 bytes"),
        ["a palette of five colours for two bits"] = (() => (new RawPng(28, 28, 3, 2) { Palette = new byte[15] }).With(s_data),
            PictureError.Damaged, "it has a palette of 15 bytes"),
        ["two palettes"] = (() =>
            RawPng.File(RawPng.Header(28, 28, 8, 3), RawPng.Chunk("PLTE", new byte[3]), RawPng.Chunk("PLTE", new byte[3]),
                RawPng.Chunk("IDAT", s_data), s_end),
            PictureError.Damaged, "or in the wrong place"),
        ["a palette behind the data"] = (() =>
            RawPng.File(RawPng.Header(28, 28, 8, 3), RawPng.Chunk("IDAT", s_data), RawPng.Chunk("PLTE", new byte[3]), s_end),
            PictureError.Damaged, "or in the wrong place"),
        ["more transparencies than colours"] = (() =>
            (new RawPng(28, 28, 3, 8) { Palette = new byte[3], Transparency = [1, 2] }).With(s_data),
            PictureError.Damaged, "it has a transparency chunk of 2 bytes"),
        ["a wrong checksum of the data"] = (() => RawPng.File(s_header, WrongChecksum("IDAT", s_data), s_end),
            PictureError.Damaged, "the checksum of its chunk IDAT is wrong"),
        ["a wrong checksum of the transparency"] = (() =>
            RawPng.File(s_header, WrongChecksum("tRNS", [0, 0]), RawPng.Chunk("IDAT", s_data), s_end),
            PictureError.Damaged, "the checksum of its chunk tRNS is wrong"),
        ["Apple's variant"] = (() => RawPng.File(RawPng.Chunk("CgBI", [0x50, 0, 0x20, 2]), s_header, RawPng.Chunk("IDAT", s_data), s_end),
            PictureError.Damaged, "Apple's own variant of PNG (CgBI)"),
        ["a GIF"] = (() =>
            [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B],
            PictureError.NotPicture, "got a GIF"),
        ["a BMP"] = (() => [.. "BM"u8, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, .. new byte[43]], PictureError.NotPicture, "got a BMP"),
        ["a WebP"] = (() => [.. "RIFF"u8, 26, 0, 0, 0, .. "WEBPVP8L"u8, 13, 0, 0, 0, 0x2F, .. new byte[12]],
            PictureError.NotPicture, "got a WebP"),
        ["a GIF before a PNG"] = (() => [.. "GIF89a"u8, .. s_plain], PictureError.NotPicture, "got a GIF"),
        ["a script before a PNG"] = (() => [.. "<script>"u8, .. s_plain], PictureError.NotPicture, "expected a PNG"),
    };

    private static readonly Dictionary<string, Func<byte[]>> s_harmless = new()
    {
        ["a gigabyte behind zTXt"] = () =>
            RawPng.File(s_header, RawPng.Chunk("zTXt", [.. "a\0\0"u8, .. s_gigabyte.Value]), RawPng.Chunk("IDAT", s_data), s_end),
        ["a gigabyte behind iTXt"] = () =>
            RawPng.File(s_header, RawPng.Chunk("iTXt", [.. "a\0\x01\0\0\0"u8, .. s_gigabyte.Value]), RawPng.Chunk("IDAT", s_data), s_end),
        ["a gigabyte behind iCCP"] = () =>
            RawPng.File(s_header, RawPng.Chunk("iCCP", [.. "a\0\0"u8, .. s_gigabyte.Value]), RawPng.Chunk("IDAT", s_data), s_end),
        ["ten thousand text chunks"] = () =>
            RawPng.File([s_header, .. Enumerable.Repeat(RawPng.Chunk("tEXt", "a\0b"u8.ToArray()), 10_000),
                RawPng.Chunk("IDAT", s_data), s_end]),
        ["data in chunks of one byte"] = () => RawPng.File([s_header, .. s_data.Select(value => RawPng.Chunk("IDAT", [value])), s_end]),
        ["a ZIP behind a PNG"] = () => [.. s_plain, .. "PK\u0005\u0006"u8, .. new byte[18]],
        ["a second PNG behind it"] = () => [.. s_plain, .. s_plain],
        ["the sizes of animation"] = () =>
            RawPng.File(s_header, RawPng.Chunk("acTL", [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]), RawPng.Chunk("IDAT", s_data),
                RawPng.Chunk("fdAT", [0, 0, 0, 0, .. s_data]), s_end),
        ["a text with a wrong checksum"] = () =>
            RawPng.File(s_header, WrongChecksum("tEXt", "a\0b"u8.ToArray()), RawPng.Chunk("IDAT", s_data), s_end),
        ["a resolution with a wrong checksum, behind the data"] = () =>
            RawPng.File(s_header, RawPng.Chunk("IDAT", s_data), WrongChecksum("pHYs", new byte[9]), s_end),
        ["a gamma of nothing"] = () => RawPng.File(s_header, RawPng.Chunk("gAMA", [0, 0, 0, 0]), RawPng.Chunk("IDAT", s_data), s_end),
    };

    public static TheoryData<string> Refused => [.. s_refused.Keys];

    public static TheoryData<string> Harmless => [.. s_harmless.Keys];

    private static byte[] WrongChecksum(string type, byte[] content)
    {
        var chunk = RawPng.Chunk(type, content);
        chunk[^1] ^= 1;
        return chunk;
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void It_is_refused_for_its_own_reason(string attack)
    {
        var (make, kind, message) = s_refused[attack];
        var file = make();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<PictureException>(() => DigitReader.ReadDigit(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocated);
        Assert.Equal(kind, error.Error);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public void It_is_read_as_the_picture_that_it_is(string attack)
    {
        var file = s_harmless[attack]();
        var result = new byte[784];
        var before = GC.GetAllocatedBytesForCurrentThread();
        DigitReader.ReadDigit(file).Digits[0].Pixels.CopyTo(result);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocated);
        Assert.Equal(s_pixels, result);
    }

    /// <summary>Every value of every byte: some checksum or rule covers each.</summary>
    [Fact]
    public void Any_changed_byte_is_refused()
    {
        var png = new RawPng(9, 5, 3, 2) { Palette = [0, 0, 0, 255, 255, 255], Transparency = [255, 254] }.Of((x, y, _) => (x + y) % 2);
        for (var at = 0; at < png.Length; at++)
        {
            var changed = (byte[])png.Clone();
            for (var difference = 1; difference < 256; difference++)
            {
                changed[at] = (byte)(png[at] ^ difference);
                Assert.Throws<PictureException>(() => DigitReader.ReadDigit(changed));
            }
        }
    }

    [Fact]
    public void Any_truncation_is_refused()
    {
        var png = new RawPng(9, 5, 6, 16, true).Of((x, y, channel) => x * y * 3000 + channel);
        for (var length = 0; length < png.Length; length++)
            Assert.Throws<PictureException>(() => DigitReader.ReadDigit(png.AsSpan(0, length)));
    }
}
