using MnistApi.TestData;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Imaging.Tests;

/// <summary>
/// Real test digits, put on other backgrounds, in other places, at other sizes: the network answers the same and sees nearly the same.
/// </summary>
public sealed class MnistVariantsTests
{
    private const int Digits = 500;

    public static TheoryData<string, double, double> Variants => new()
    {
        // the share that must keep its class, and the mean difference in grey levels that 95 of 100 must stay below
        { "off-centre", 0.99, 4 },
        { "ten times as large", 0.99, 14 },
        { "inverted", 0.99, 4 },
        { "coloured", 0.99, 4 },
        { "on alpha", 0.99, 4 },
        { "white on transparent", 0.99, 4 },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task The_same_digit_is_the_same(string variant, double leastSame, double mostDifferent)
    {
        var set = await Mnist.TestAsync();
        var same = 0;
        var differences = new List<double>();
        for (var i = 0; i < Digits; i++)
        {
            var original = set.Image(i).ToArray();
            var read = Drawing.Read(Put(original, variant));
            same += Shipped.Answer(original) == Shipped.Answer(read) ? 1 : 0;
            differences.Add(original.Zip(read, (a, b) => Math.Abs(a - b)).Average());
        }
        differences.Sort();
        Assert.True(same >= leastSame * Digits, $"{same} of {Digits} kept their class");
        Assert.True(differences[Digits * 95 / 100] <= mostDifferent,
            $"95 of 100 differ by at most {differences[Digits * 95 / 100]:F2} grey levels on average");
    }

    /// <summary>
    /// Cut out without any margin most digits have as much ink as background, and a straight 1 fills the picture: some of these are
    /// refused.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ten_times_as_large_and_cut_tight_the_digit_is_the_same(bool isDark)
    {
        var set = await Mnist.TestAsync();
        int same = 0, ones = 0;
        for (var i = 0; i < Digits; i++)
        {
            var original = set.Image(i).ToArray();
            var answer = Shipped.Answer(original);
            if (IsReadAs(answer, Tight(original, isDark)))
                same++;
            else if (answer == 1)
                ones++;
        }
        Assert.True(same >= 0.97 * Digits, $"{same} of {Digits} kept their class");
        Assert.True(Digits - same - ones <= 8, $"{Digits - same - ones} other digits than 1 did not");
    }

    /// <summary>
    /// What differs by up to 14 levels above are strokes made thicker: enlarged, the pixels' corners lengthen the outline, and a stroke
    /// that is as wide measures as thinner.
    /// </summary>
    [Fact]
    public async Task Ten_times_as_large_only_strokes_made_thicker_differ()
    {
        var set = await Mnist.TestAsync();
        var left = 0;
        for (var i = 0; i < Digits; i++)
        {
            var original = set.Image(i).ToArray();
            var reading = DigitReader.ReadDigit(Put(original, "ten times as large"));
            if (reading.Steps.Contains("thickened") || reading.Steps.Contains("thinned"))
                continue;
            left++;
            // the box leaves out what is fainter than a tenth
            Assert.InRange(original.Zip(reading.Digits[0].Pixels, (a, b) => Math.Abs(a - b)).Average(), 0, 1);
        }
        Assert.InRange(left, 0.8 * Digits, Digits);
    }

    [Fact]
    public async Task All_of_mnists_training_pictures_have_mnists_measures()
    {
        var set = await Mnist.TrainAsync();
        var result = new byte[784];
        for (var i = 0; i < set.Count; i += 7)
        {
            DigitReader.ReadDigit(PngEncoding.Encode(set.Image(i), 28, 28)).Digits[0].Pixels.CopyTo(result);
            Assert.True(set.Image(i).SequenceEqual(result), $"picture {i} was changed");
        }
    }

    private static byte[] Put(byte[] digit, string variant) => variant switch
    {
        "off-centre" => Drawing.Encode(90, 70, (x, y) => new L8(At(digit, x - 55, y - 3))),
        "ten times as large" => Drawing.Encode(280, 280, (x, y) => new L8(At(digit, x / 10, y / 10))),
        "inverted" => Drawing.Encode(28, 28, (x, y) => new L8((byte)(255 - At(digit, x, y)))),
        "coloured" => Drawing.Encode(40, 40, (x, y) => Mix(At(digit, x - 6, y - 6))),
        "on alpha" => Drawing.Encode(40, 40, (x, y) => new Rgba32(20, 60, 160, At(digit, x - 6, y - 6))),
        "white on transparent" => Drawing.Encode(40, 40, (x, y) => new Rgba32(255, 255, 255, At(digit, x - 6, y - 6))),
        _ => throw new ArgumentOutOfRangeException(nameof(variant)),
    };

    private static bool IsReadAs(int digit, byte[] png)
    {
        try
        {
            return Shipped.Answer(Drawing.Read(png)) == digit;
        }
        catch (PictureException)
        {
            return false;
        }
    }

    private static byte[] Tight(byte[] digit, bool isDark)
    {
        var ink = Enumerable.Range(0, digit.Length).Where(i => digit[i] > 0).ToArray();
        int left = ink.Min(i => i % 28), right = ink.Max(i => i % 28), top = ink.Min(i => i / 28), bottom = ink.Max(i => i / 28);
        return Drawing.Encode((right - left + 1) * 10, (bottom - top + 1) * 10, (x, y) =>
        {
            var level = At(digit, left + x / 10, top + y / 10);
            return new L8(isDark ? (byte)(255 - level) : level);
        });
    }

    private static byte At(byte[] digit, int x, int y) => (uint)x < 28 && (uint)y < 28 ? digit[y * 28 + x] : (byte)0;

    /// <summary>Red on blue of nearly the same luminance.</summary>
    private static Rgb24 Mix(byte ink) => new((byte)(60 + ink * 140 / 255), (byte)(90 - ink * 50 / 255), (byte)(220 - ink * 190 / 255));
}
