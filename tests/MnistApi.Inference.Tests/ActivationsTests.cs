namespace MnistApi.Inference.Tests;

/// <summary>The chapter's printed numbers, and the functions against doubles at every length.</summary>
public sealed class ActivationsTests
{
    [Fact]
    public void Step_is_one_above_zero_only() => Assert.Equal([0, 0, 1], Apply(Activation.Step, -0.1f, 0, 0.1f));

    [Fact]
    public void Step_of_the_chapters_arguments() => Assert.Equal([0, 1, 1], Apply(Activation.Step, -1, 1, 2));

    [Fact]
    public void Step_of_minus_a_tenth_zero_and_one() => Assert.Equal([0, 0, 1], Apply(Activation.Step, -0.1f, 0, 1));

    [Fact]
    public void Relu_of_the_chapters_arguments() => Assert.Equal([0, 0, 5], Apply(Activation.Relu, -2, 0, 5));

    [Fact]
    public void Identity_changes_nothing() => Assert.Equal([-2, 0, 5], Apply(Activation.Identity, -2, 0, 5));

    [Fact]
    public void Sigmoid_of_the_chapters_arguments() =>
        Near([0.26894142, 0.73105858, 0.88079708], Apply(Activation.Sigmoid, -1, 1, 2));

    [Fact]
    public void Softmax_of_the_chapters_arguments() =>
        Near([0.01821127, 0.24519181, 0.73659691], Apply(Activation.Softmax, 0.3f, 2.9f, 4.0f));

    [Fact]
    public void Softmax_does_not_overflow()
    {
        var y = Apply(Activation.Softmax, 1010, 1000, 990);
        Near([9.99954600e-01, 4.53978686e-05, 2.06106005e-09], y);
        Assert.Equal(2.06106005e-09, y[2], 2.06106005e-09 * 1e-5);
    }

    [Fact]
    public void Sigmoid_saturates_without_leaving_its_range()
    {
        var y = Apply(Activation.Sigmoid, float.NegativeInfinity, -1000, -88, 88, 1000, float.PositiveInfinity);
        Near([0, 0, 0, 1, 1, 1], y);
        Assert.All(y, value => Assert.InRange(value, 0, 1));
    }

    [Theory]
    [InlineData(Activation.Step)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Identity)]
    [InlineData(Activation.Softmax)]
    public void Every_length_up_to_257_equals_the_formula_in_doubles(Activation activation)
    {
        var random = new Random(7);
        for (var length = 1; length <= 257; length++)
        {
            var a = Enumerable.Range(0, length).Select(_ => (random.NextSingle() - 0.5f) * 40).ToArray();
            Near(ScalarNetwork.Activate(activation, [.. a.Select(value => (double)value)]), Apply(activation, a));
        }
    }

    [Fact]
    public void Result_may_be_the_argument_itself()
    {
        float[] a = [-1, 1, 2];
        Activations.Sigmoid(a, a);
        Near([0.26894142, 0.73105858, 0.88079708], a);
    }

    [Fact]
    public void Lengths_must_agree()
    {
        var error = Assert.Throws<ArgumentException>(() => Activations.Relu(new float[3], new float[2]));
        Assert.StartsWith("expected 3 values for the result, got room for 2", error.Message);
    }

    [Fact]
    public void Names_are_found_and_others_are_not()
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            Assert.True(ActivationNames.TryParse(activation.Name(), out var found));
            Assert.Equal(activation, found);
        }
        Assert.False(ActivationNames.TryParse("tanh", out _));
        Assert.False(ActivationNames.TryParse("Sigmoid", out _));
    }

    private static float[] Apply(Activation activation, params float[] a)
    {
        var z = new float[a.Length];
        Activations.Apply(activation, a, z);
        return z;
    }

    private static void Near(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], Math.Max(2e-6 * Math.Abs(expected[i]), 1e-6));
    }
}
