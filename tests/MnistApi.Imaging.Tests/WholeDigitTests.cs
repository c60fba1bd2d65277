namespace MnistApi.Imaging.Tests;

/// <summary>No part of a digit is taken for something else: not its thin bar for a line, nor its pale stroke for a speck.</summary>
public sealed class WholeDigitTests
{
    private static readonly (float, float)[] s_loop =
        [.. Enumerable.Range(0, 24).Select(i => (0.3f - 0.3f * MathF.Cos(i * 0.28f), 0.22f + 0.22f * MathF.Sin(i * 0.28f)))];

    [Theory]
    [InlineData("open 4 with a thin bar", 3)]
    [InlineData("open 4 with a thin bar", 4)]
    [InlineData("open 4 with a thin bar", 5)]
    [InlineData("closed 4 with a thin bar", 4)]
    [InlineData("7 with a thin bar", 3)]
    [InlineData("7 with a thin bar", 4)]
    [InlineData("9 with a thin stem", 3)]
    [InlineData("1 with a wide foot", 8)]
    [InlineData("5 with a pale bar", 8)]
    [InlineData("pale 2 and a black dot", 14)]
    [InlineData("hairline beside a blot", 1)]
    public void A_digits_strokes_stay(string which, float other)
    {
        var paper = new Paper(level: 1);
        _ = which switch
        {
            "open 4 with a thin bar" => Stroke(paper, 8, (0.1f, 0), (0.1f, 0.5f))
                .Draw([(0.1f, 0.5f), (0.85f, 0.5f)], 80, 60, 150, other, 0)
                .Draw([(0.65f, 0), (0.65f, 1)], 80, 60, 150, 8, 0),
            "closed 4 with a thin bar" => Stroke(paper, 8, (0.5f, 0), (0, 0.6f))
                .Draw([(0, 0.6f), (0.93f, 0.6f)], 80, 60, 150, other, 0)
                .Draw([(0.5f, 0), (0.5f, 1)], 80, 60, 150, 8, 0),
            "7 with a thin bar" => Stroke(paper, 9, (0.63f, 0), (0.57f, 1)).Draw([(0, 0), (0.63f, 0)], 80, 60, 150, other, 0),
            "9 with a thin stem" => Stroke(paper, 9, s_loop).Draw([(0.6f, 0.1f), (0.6f, 1)], 80, 60, 150, other, 0),
            "1 with a wide foot" => Stroke(paper, 8, (0.4f, 0), (0.4f, 1)).Draw([(0.05f, 1), (0.75f, 1)], 80, 60, 150, other, 0),
            "5 with a pale bar" => Stroke(paper, 8, (0.1f, 0), (0.08f, 0.45f), (0.6f, 0.5f), (0.62f, 0.85f), (0.05f, 1))
                .Draw([(0.1f, 0), (0.7f, 0)], 80, 60, 150, other, 0.6f),
            "pale 2 and a black dot" => paper.Draw(Paper.Two, 90, 60, 140, 10, 0.37f).Disc(30, 250, other / 2, 0),
            _ => paper.Draw([(0, 0), (0, 1)], 100, 60, 150, other, 0).Disc(200, 120, 18, 0),
        };
        var steps = DigitReader.ReadDigit(paper.Png()).Steps;
        Assert.DoesNotContain("cleared of ruled lines", steps);
        if (which is not ("pale 2 and a black dot" or "hairline beside a blot"))
            Assert.DoesNotContain("cleared of specks", steps);
    }

    private static Paper Stroke(Paper paper, float pen, params (float, float)[] line) => paper.Draw(line, 80, 60, 150, pen, 0);
}
