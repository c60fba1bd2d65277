using CsCheck;
using MnistApi.TestData;

namespace MnistApi.Imaging.Tests;

/// <summary>Any bytes give a digit or a <see cref="PictureException"/>, never another exception.</summary>
public sealed class PngPropertyTests
{
    private const int Times = 2000;
    private const int MaxPixels = 1 << 16;

    private static readonly byte[][] s_files =
    [
        .. RawPng.Kinds.Select(kind => new RawPng(9, 7, kind.Colour, kind.Depth, kind.Depth == 8)
        {
            Filter = 5,
            Palette = kind.Colour == 3 ? new byte[3 << Math.Min((int)kind.Depth, 2)] : null,
        }.Of((x, y, channel) => (x + y + channel) & ((1 << Math.Min((int)kind.Depth, 2)) - 1))),
        PngEncoding.Encode(Drawing.Digit(), 28, 28),
    ];

    [Fact]
    public void Any_bytes() => Gen.Byte.Array[0, 200].Sample(bytes => IsReadOrRefused(bytes), iter: Times);

    [Fact]
    public void Any_bytes_behind_a_signature() =>
        Gen.Byte.Array[0, 200].Sample(bytes => IsReadOrRefused([.. RawPng.File(), .. bytes]), iter: Times);

    [Fact]
    public void Files_near_right_ones() => Mutated.Of(s_files).Sample(bytes => IsReadOrRefused(bytes), iter: Times);

    [Fact]
    public void Files_near_right_ones_with_right_checksums() =>
        Mutated.Of(s_files).Sample(bytes => IsReadOrRefused(RawPng.WithChecksums(bytes)), iter: Times);

    /// <summary>Any header, any rows.</summary>
    [Fact]
    public void Any_rows() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.OneOf([.. RawPng.Kinds]), Gen.Bool, Gen.Byte.Array[0, 400], Gen.Byte.Array[0, 12])
            .Sample((width, height, kind, isInterlaced, rows, palette) =>
            {
                var png = new RawPng(width, height, kind.Colour, kind.Depth, isInterlaced)
                {
                    Palette = palette,
                    Transparency = palette[..(palette.Length / 4)],
                };
                var expected = png.Rows((_, _, _) => 0).Length;
                Array.Resize(ref rows, expected);
                return IsReadOrRefused(png.With(RawPng.Pack(rows)));
            }, iter: Times);

    [Fact]
    public void What_is_encoded_decodes_to_the_same() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60])
            .SelectMany((width, height) => Gen.Byte.Array[width * height].Select(pixels => (width, height, pixels)))
            .Sample(picture =>
            {
                var side = Math.Max(picture.width, picture.height);
                var decoded = Thumbnail.Of(PngEncoding.Encode(picture.pixels, picture.width, picture.height), side);
                return Enumerable.Range(0, picture.height).All(y =>
                    decoded.AsSpan(y * side, picture.width).SequenceEqual(picture.pixels.AsSpan(y * picture.width, picture.width)));
            }, iter: 300);

    private static bool IsReadOrRefused(byte[] bytes)
    {
        foreach (var preprocess in new[] { Preprocess.Auto, Preprocess.None })
        {
            try
            {
                DigitReader.ReadDigit(bytes, MaxPixels, preprocess);
            }
            catch (PictureException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
        return true;
    }
}
