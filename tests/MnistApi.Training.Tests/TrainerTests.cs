using MnistApi.Inference;
using MnistApi.Inference.Datasets;
using MnistApi.TestData;

namespace MnistApi.Training.Tests;

public sealed class TrainerTests
{
    [Fact]
    public void Gradient_equals_the_difference_quotient()
    {
        var parameters = new Parameters([784, 4, 3, 10]);
        var random = new RandomStream(5);
        parameters.Initialize(ref random);
        var x = Enumerable.Range(0, 784).Select(i => i % 5 == 0 ? random.Uniform() : 0).ToArray();
        var backpropagation = new Backpropagation(parameters);
        LossOf(backpropagation, parameters, x);
        var gradient = (float[])backpropagation.Gradient.All.Clone();

        const float Step = 1e-2f;
        foreach (var i in Enumerable.Range(0, parameters.All.Length).Where(i => i % 97 == 0 || i > parameters.All.Length - 60))
        {
            var weight = parameters.All[i];
            parameters.All[i] = weight + Step;
            var above = LossOf(backpropagation, parameters, x);
            parameters.All[i] = weight - Step;
            var below = LossOf(backpropagation, parameters, x);
            parameters.All[i] = weight;
            Assert.Equal((above - below) / (2 * Step), gradient[i], 2e-3);
        }
    }

    [Fact]
    public async Task A_short_training_learns_and_repeats_bit_for_bit()
    {
        var set = Part(await Mnist.TrainAsync(), 3000);
        var options = new TrainingOptions { Epochs = 6, Holdout = 0.2, Seed = 3 };
        var reports = new List<EpochReport>();
        var first = Trainer.Train(set, options, new Reports(reports), TestContext.Current.CancellationToken);
        var second = Trainer.Train(set, options, cancellation: TestContext.Current.CancellationToken);
        for (var layer = 0; layer < first.Layers.Count; layer++)
        {
            Assert.Equal(first.Layers[layer].Weights.ToArray(), second.Layers[layer].Weights.ToArray());
            Assert.Equal(first.Layers[layer].Bias.ToArray(), second.Layers[layer].Bias.ToArray());
        }
        Assert.Equal("784-50-100-10", first.ToString());
        Assert.Equal(6, reports.Count);
        Assert.True(reports[^1].Loss < reports[0].Loss);
        Assert.InRange(reports[^1].HoldoutAccuracy, 0.8, 1);
    }

    [Fact]
    public async Task Another_seed_gives_other_weights()
    {
        var set = Part(await Mnist.TrainAsync(), 500);
        var one = Trainer.Train(set, new TrainingOptions { Epochs = 1, Seed = 1 }, cancellation: TestContext.Current.CancellationToken);
        var other = Trainer.Train(set, new TrainingOptions { Epochs = 1, Seed = 2 }, cancellation: TestContext.Current.CancellationToken);
        Assert.NotEqual(one.Layers[0].Weights.ToArray(), other.Layers[0].Weights.ToArray());
    }

    [Fact]
    public async Task It_stops_when_asked()
    {
        var set = Part(await Mnist.TrainAsync(), 500);
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(set, new TrainingOptions(), cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Distortion_of_strength_zero_changes_nothing()
    {
        var set = await Mnist.TestAsync();
        var random = new RandomStream(1);
        var result = new float[784];
        new Distortion().Apply(set.Image(0), 0, ref random, result);
        for (var i = 0; i < 784; i++)
            Assert.Equal(set.Image(0)[i] / 255f, result[i], 1e-6f);
    }

    [Fact]
    public async Task Distortion_keeps_the_ink_and_moves_it()
    {
        var set = await Mnist.TestAsync();
        var random = new RandomStream(1);
        var result = new float[784];
        var distortion = new Distortion();
        for (var i = 0; i < 100; i++)
        {
            distortion.Apply(set.Image(i), 1, ref random, result);
            var before = 0.0;
            foreach (var pixel in set.Image(i))
                before += pixel / 255.0;
            Assert.InRange(result.Sum() / before, 0.5, 1.8);
            Assert.All(result, pixel => Assert.InRange(pixel, 0, 1.0001f));
        }
    }

    private static double LossOf(Backpropagation backpropagation, Parameters parameters, float[] x)
    {
        backpropagation.Reset();
        x.CopyTo(backpropagation.Input);
        backpropagation.Add(parameters, 3);
        return backpropagation.Loss;
    }

    private static MnistSet Part(MnistSet set, int count) => new(
        new IdxArray([count, 28, 28], set.Pixels[..(count * MnistImage.Pixels)]), new IdxArray([count], set.Labels[..count]));

    private sealed class Reports(List<EpochReport> list) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => list.Add(value);
    }
}
