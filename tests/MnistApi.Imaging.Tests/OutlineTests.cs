namespace MnistApi.Imaging.Tests;

public sealed class OutlineTests
{
    [Theory]
    [InlineData("upright", true)]
    [InlineData("aslant", true)]
    [InlineData("seen from one side", true)]
    [InlineData("seen from a corner", true)]
    [InlineData("circle", false)]
    [InlineData("strip", false)]
    [InlineData("thick letter L", false)]
    [InlineData("thick 8", false)]
    public void A_sheet_has_four_straight_sides(string shape, bool isSheet)
    {
        using var plane = new Plane(60, 60);
        plane.Pixels.Clear();
        for (var i = 0; i < plane.Pixels.Length; i++)
        {
            float x = i % 60 - 30, y = i / 60 - 30;
            var isIn = shape switch
            {
                "upright" => Math.Abs(x) < 20 && Math.Abs(y) < 14,
                "aslant" => Math.Max(Math.Abs(x + y), Math.Abs(x - y)) < 26,
                "seen from one side" => Math.Abs(x) < 22 && Math.Abs(y) < 15 - 0.35f * x,
                "seen from a corner" => y + 0.2f * x > -18 && y - 0.3f * x < 15 && x + 0.3f * y > -20 && x - 0.1f * y < 20,
                "circle" => x * x + y * y < 500,
                "strip" => Math.Abs(x) < 25 && Math.Abs(y) < 8,
                "thick letter L" => Math.Abs(x) < 20 && Math.Abs(y) < 20 && (x < -2 || y > 6),
                _ => x * x + (y - 10) * (y - 10) < 160 || x * x + (y + 10) * (y + 10) < 120,
            };
            plane.Pixels[i] = isIn ? (byte)255 : (byte)0;
        }
        Assert.Equal(isSheet, Outline.Of(plane, new Box(0, 0, 60, 60)).IsSheet);
    }
}
