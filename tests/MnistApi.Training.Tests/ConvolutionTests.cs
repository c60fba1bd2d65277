namespace MnistApi.Training.Tests;

public sealed class ConvolutionTests
{
    [Theory]
    [InlineData(28, 1)]
    [InlineData(14, 32)]
    [InlineData(7, 2)]
    public void Patches_hold_what_lies_around_every_second_place(int side, int channels)
    {
        var convolution = new Convolution(side, channels);
        var square = Numbers(side * side * channels, seed: 1);
        var count = convolution.Inputs + 3;
        var units = (side + 1) / 2;
        var patches = Enumerable.Repeat(9f, (units * units + 1) * count).ToArray();
        convolution.Gather(square, 0, patches, count);

        Assert.Equal(units, convolution.UnitSide);
        for (var place = 0; place <= units * units; place++)
        {
            for (var input = 0; input < count; input++)
                Assert.Equal(Expected(place, input), patches[place * count + input]);
        }

        float Expected(int place, int input)
        {
            if (place == units * units || input > convolution.Inputs)
                return 0;
            if (input == convolution.Inputs)
                return 1;
            var y = 2 * (place / units) - 2 + input / channels / 5;
            var x = 2 * (place % units) - 2 + input / channels % 5;
            return y < 0 || x < 0 || y >= side || x >= side ? 0 : square[(y * side + x) * channels + input % channels];
        }
    }

    [Theory]
    [InlineData(28, 1)]
    [InlineData(14, 32)]
    public void Parts_of_the_inputs_are_laid_out_as_in_the_whole(int side, int channels)
    {
        var convolution = new Convolution(side, channels);
        var square = Numbers(side * side * channels, seed: 2);
        var places = convolution.UnitSide * convolution.UnitSide + 1;
        var rows = MatrixProduct.PadRows(convolution.Inputs + 1);
        var whole = new float[places * rows];
        convolution.Gather(square, 0, whole, rows);
        for (var first = 0; first < rows; first += 24)
        {
            var count = Math.Min(24, rows - first);
            var part = new float[places * count];
            convolution.Gather(square, first, part, count);
            for (var place = 0; place < places; place++)
                Assert.Equal(whole.AsSpan(place * rows + first, count), part.AsSpan(place * count, count));
        }
    }

    /// <summary>The way back is the transposed map: the products of what went forth and of what came back are the same.</summary>
    [Theory]
    [InlineData(14, 32)]
    [InlineData(7, 2)]
    public void Scattering_is_gathering_transposed(int side, int channels)
    {
        var convolution = new Convolution(side, channels);
        var places = convolution.UnitSide * convolution.UnitSide + 1;
        var square = Numbers(side * side * channels, seed: 3);
        var other = Numbers(places * convolution.Inputs, seed: 4);
        var patches = new float[other.Length];
        convolution.Gather(square, 0, patches, convolution.Inputs);
        var back = Numbers(square.Length, seed: 5);
        var before = back.ToArray();
        convolution.Scatter(other, back);
        Assert.Equal(patches.Zip(other, (p, o) => (double)p * o).Sum(), square.Select((s, i) => s * ((double)back[i] - before[i])).Sum(), 1e-2);
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new RandomStream(seed);
        var numbers = new float[count];
        foreach (ref var number in numbers.AsSpan())
            number = random.Within(1);
        return numbers;
    }
}
