using System.IO.Compression;
using MnistApi.Inference.Datasets;

namespace MnistApi.Inference.Tests.Datasets;

public sealed class IdxReaderTests
{
    private static readonly byte[] s_twoByThree = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    [Fact]
    public void A_valid_file_is_read()
    {
        var array = IdxReader.Read(s_twoByThree, 2);
        Assert.Equal([2, 3], array.Dimensions);
        Assert.Equal([1, 2, 3, 4, 5, 6], array.Bytes.ToArray());
    }

    [Fact]
    public void Gzip_is_known_by_its_content()
    {
        Assert.Equal([1, 2, 3, 4, 5, 6], IdxReader.Read(Gzip(s_twoByThree), 2).Bytes.ToArray());
    }

    [Fact]
    public void Too_short() => Refused("expected an IDX file of at least 12 bytes, got 3", [0, 0, 8]);

    [Fact]
    public void Wrong_magic() => Refused("expected the magic bytes 0 0, got 80 75", [80, 75, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0]);

    [Fact]
    public void A_page_under_the_files_name() => Refused(
        "expected one of MNIST's data files (IDX), but this is an HTML page: the download ended at a web page instead of the file",
        "<!doctype html><html>"u8.ToArray());

    [Fact]
    public void Wrong_type() => Refused("expected the data type 8 (unsigned byte), got 13", [0, 0, 13, 2, 0, 0, 0, 0, 0, 0, 0, 0]);

    [Fact]
    public void Wrong_dimensions() => Refused("expected 2 dimensions, got 3", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7]);

    [Fact]
    public void Header_truncated() => Refused("expected a header of 12 bytes, the file ends after 9", [0, 0, 8, 2, 0, 0, 0, 2, 0]);

    [Fact]
    public void Data_too_short() => Refused("expected 6 bytes of data for the dimensions 2x3, got 5", s_twoByThree[..^1]);

    [Fact]
    public void Data_too_long() => Refused("expected 6 bytes of data for the dimensions 2x3, got 7", [.. s_twoByThree, 7]);

    [Theory]
    [InlineData(255, 0)]
    [InlineData(0, 255)]
    public void Sizes_beyond_reason(byte first, byte second) =>
        Assert.StartsWith("expected at most 67108864 bytes of data, the header asks for more",
            Assert.Throws<IdxFormatException>(() => IdxReader.Read(new byte[] { 0, 0, 8, 2, first, 0, 0, 1, second, 0, 0, 1 }, 2)).Message);

    [Fact]
    public void Damaged_gzip() => Assert.StartsWith("the gzip data is damaged",
        Assert.Throws<IdxFormatException>(
            () => IdxReader.Read(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF }, 2)).Message);

    [Fact]
    public void A_gzip_bomb_is_not_unpacked()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 70; i++)
                gzip.Write(zeros);
        }
        Assert.Equal("expected at most 67108864 bytes unpacked, the gzip file holds more",
            Assert.Throws<IdxFormatException>(() => IdxReader.Unpack(packed.ToArray())).Message);
    }

    internal static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    private static void Refused(string message, byte[] file) =>
        Assert.Equal(message, Assert.Throws<IdxFormatException>(() => IdxReader.Read(file, 2)).Message);
}
