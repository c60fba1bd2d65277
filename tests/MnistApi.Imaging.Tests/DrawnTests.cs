using System.Globalization;

namespace MnistApi.Imaging.Tests;

/// <summary>
/// Pictures by people, and numbers. They cannot be shipped: DRAWN and CASES name their folders, and where a variable is not set its
/// tests are skipped.
/// </summary>
public sealed class DrawnTests
{
    [Fact]
    public void What_people_drew_is_read()
    {
        var pictures = Labelled(Pictures("DRAWN"));
        var answers = Answers(pictures);
        var right = answers.Where((answer, i) => answer == pictures[i].Label).Count();
        var refused = pictures.Where((_, i) => answers[i].Length > 1).Select(picture => picture.Path).ToArray();
        Assert.True(right >= 0.9675 * pictures.Length, $"{right} of {pictures.Length} are right");
        Assert.True(refused.Length <= 3, $"{refused.Length} are refused: {string.Join(", ", refused.Take(10))}");
    }

    [Fact]
    public void Haze_around_a_digit_is_not_read()
    {
        var pictures = Labelled(Pictures("CASES", "hazy"));
        var answers = Answers(pictures);
        Assert.Equal(60, pictures.Length);
        Assert.All(pictures, (picture, i) => Assert.True(answers[i] == picture.Label, $"{picture.Path}: {answers[i]}"));
    }

    [Fact]
    public void Numbers_are_never_read_as_one_digit()
    {
        var pictures = Pictures("CASES", "numbers");
        Assert.Equal(80, pictures.Length);
        Assert.All(pictures, path =>
        {
            var error = Assert.Throws<PictureException>(() => DigitReader.ReadDigit(File.ReadAllBytes(path)));
            Assert.Equal(PictureError.SeveralDigits, error.Error);
        });
    }

    [Fact]
    public void Numbers_are_read()
    {
        var pictures = Pictures("CASES", "numbers");
        var wrong = pictures
            .Where(path => Number(path) != Path.GetFileName(path).Split('-')[1])
            .Select(path => $"{Path.GetFileName(path)}: {Number(path)}")
            .ToArray();
        Assert.Equal(80, pictures.Length);
        Assert.True(pictures.Length - wrong.Length >= 72, string.Join(", ", wrong));
    }

    private static string Number(string path)
    {
        try
        {
            return string.Concat(DigitReader.ReadNumber(File.ReadAllBytes(path)).Digits
                .Select(digit => Shipped.Answer(digit.Pixels).ToString(CultureInfo.InvariantCulture)));
        }
        catch (PictureException error)
        {
            return error.Message;
        }
    }

    private static (string Path, string Label)[] Labelled(string[] pictures) =>
        [.. pictures.Select(path => (path, Path.GetFileName(Path.GetDirectoryName(path)!)))];

    private static string[] Answers((string Path, string Label)[] pictures) =>
        [.. pictures.AsParallel().AsOrdered().Select(picture => Shipped.AnswerTo(File.ReadAllBytes(picture.Path)))];

    /// <summary>The pictures below the folder that a variable names; where it names one without any, the test fails.</summary>
    private static string[] Pictures(string variable, string below = "")
    {
        var folder = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{variable} names no folder of pictures; they cannot be shipped");
        var pictures = Directory.GetFiles(Path.Combine(folder!, below), "*.png", SearchOption.AllDirectories);
        Assert.True(pictures.Length > 0, $"{variable} names {folder}, which has no PNGs{(below.Length > 0 ? $" below {below}" : "")}");
        Array.Sort(pictures, StringComparer.Ordinal);
        return pictures;
    }
}
