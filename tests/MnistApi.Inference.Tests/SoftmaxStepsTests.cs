namespace MnistApi.Inference.Tests;

public sealed class SoftmaxStepsTests
{
    [Fact]
    public void Both_ways_agree_where_nothing_overflows()
    {
        float[] a = [0.3f, 2.9f, 4.0f];
        var (naive, shifted) = (SoftmaxSteps.Naive(a), SoftmaxSteps.MaxSubtracted(a));
        Assert.Equal((0f, 4f), (naive.Shift, shifted.Shift));
        Assert.All(naive.Y.Zip(shifted.Y), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        Assert.Equal(0.73659691f, shifted.Y[2], 1e-6f);
    }

    [Fact]
    public void As_written_it_overflows_and_with_the_maximum_subtracted_it_does_not()
    {
        float[] a = [1010, 1000, 990];
        Assert.All(SoftmaxSteps.Naive(a).Y, y => Assert.True(float.IsNaN(y)));
        var shifted = SoftmaxSteps.MaxSubtracted(a);
        Assert.Equal(0.9999546f, shifted.Y[0], 1e-6f);
        var y = new float[3];
        Activations.Softmax(a, y);
        Assert.All(shifted.Y.Zip(y), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }
}
