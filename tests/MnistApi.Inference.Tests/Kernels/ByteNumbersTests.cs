using System.Text;
using MnistApi.Inference.Kernels;

namespace MnistApi.Inference.Tests.Kernels;

public sealed class ByteNumbersTests
{
    [Theory]
    [InlineData("0]", new byte[] { 0 })]
    [InlineData("255]", new byte[] { 255 })]
    [InlineData("1,22,199]tail", new byte[] { 1, 22, 199 })]
    [InlineData(" 1, 2,\n\t 3]", new byte[] { 1, 2, 3 })]
    public void Numbers_are_read_up_to_the_bracket(string text, byte[] expected)
    {
        var (count, values, consumed) = Read(text);
        Assert.Equal(expected, values[..count]);
        Assert.Equal(text.IndexOf(']', StringComparison.Ordinal) + 1, consumed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("]")]
    [InlineData("1")]
    [InlineData("1,")]
    [InlineData("1,]")]
    [InlineData(",1]")]
    [InlineData("1,,2]")]
    [InlineData("256]")]
    [InlineData("299]")]
    [InlineData("300]")]
    [InlineData("900]")]
    [InlineData("1000]")]
    [InlineData("01]")]
    [InlineData("00]")]
    [InlineData("012]")]
    [InlineData("-1]")]
    [InlineData("1.0]")]
    [InlineData("1 2]")]
    [InlineData("1e1]")]
    [InlineData("[1]]")]
    [InlineData("\"1\"]")]
    public void Other_text_is_left_alone(string text) => Assert.Equal(ByteNumbers.Other, Read(text).Count);

    [Fact]
    public void Every_value_at_every_place_of_a_block()
    {
        for (var shift = 0; shift < 70; shift++)
        {
            var numbers = Enumerable.Repeat((byte)(shift % 10), shift).Concat(Enumerable.Range(0, 256).Select(value => (byte)value))
                .ToArray();
            var (count, values, _) = Read(string.Join(',', numbers) + "]");
            Assert.Equal(numbers, values[..count]);
        }
    }

    [Fact]
    public void More_numbers_than_room_are_left_alone()
    {
        Assert.Equal(1000, Read(string.Join(',', Enumerable.Repeat("7", 1000)) + "]").Count);
        Assert.Equal(ByteNumbers.Other, Read(string.Join(',', Enumerable.Repeat("7", 1001)) + "]").Count);
    }

    private static (int Count, byte[] Values, int Consumed) Read(string text)
    {
        var values = new byte[1000 + ByteNumbers.Slack];
        var body = Encoding.ASCII.GetBytes("{:[" + text);
        var count = ByteNumbers.Read(body, 3, values, out var consumed);
        return (count, values, consumed);
    }
}
