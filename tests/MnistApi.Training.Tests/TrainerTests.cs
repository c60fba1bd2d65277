using System.Numerics.Tensors;
using MnistApi.Inference;
using MnistApi.Inference.Datasets;
using MnistApi.TestData;

namespace MnistApi.Training.Tests;

public sealed class TrainerTests : IDisposable
{
    private static readonly TrainingOptions s_tiny = new()
    {
        Network = new NetworkOptions([12, 9], 3, 0.01f),
        Teacher = new NetworkOptions([20], 2, 0.01f),
        Batch = 50,
        Seed = 3,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Gradient_equals_the_difference_quotient()
    {
        var parameters = new Parameters(784, 4, 3, 10);
        var random = new RandomStream(5);
        parameters.Initialize(ref random);
        var pass = new Backpropagation(parameters, 8);
        foreach (ref var pixel in pass.Input(0))
            pixel = random.Below(5) == 0 ? random.Uniform() : 0;
        float[] target = [0.1f, 0, 0, 0.7f, 0, 0.2f, 0, 0, 0, 0];
        for (var layer = 0; layer < 3; layer++)
            pass.Transpose(layer, 0, parameters.Rows(layer));
        Loss();
        pass.Backward(0, 8, [.. Enumerable.Repeat(target, 8).SelectMany(t => t)]);

        const float Step = 2e-3f;
        for (var layer = 0; layer < 3; layer++)
        {
            var weights = parameters.Layer(layer);
            var gradient = new float[weights.Length];
            pass.AddGradient(layer, 0, parameters.Rows(layer), 1, gradient);
            // A gradient of zeros would otherwise agree with itself.
            Assert.InRange(Math.Abs(TensorPrimitives.MaxMagnitude<float>(gradient)), 0.02f, 1);
            for (var input = 0; input <= parameters.Width(layer); input += layer == 0 ? 49 : 1)
            {
                for (var output = 0; output < parameters.Width(layer + 1); output++)
                {
                    var i = input * parameters.Stride(layer + 1) + output;
                    var weight = weights[i];
                    weights[i] = weight + Step;
                    var above = Loss();
                    weights[i] = weight - Step;
                    var below = Loss();
                    weights[i] = weight;
                    Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-3);
                }
            }
        }

        double Loss()
        {
            pass.Forward(0, 8);
            var y = pass.Output(0).ToArray();
            return -target.Select((t, k) => t * Math.Log(y[k])).Sum();
        }
    }

    [Fact]
    public async Task The_network_that_comes_out_answers_as_the_one_in_training()
    {
        var set = await Mnist.TestAsync();
        var parameters = new Parameters(784, 50, 100, 10);
        var random = new RandomStream(6);
        parameters.Initialize(ref random);
        foreach (ref var bias in parameters.Row(1, 50))
            bias = random.Within(1);
        var pass = new Backpropagation(parameters, 16);
        for (var i = 0; i < 16; i++)
        {
            for (var pixel = 0; pixel < 784; pixel++)
                pass.Input(i)[pixel] = set.Image(i)[pixel] / 255f;
        }
        pass.Forward(0, 16);
        var y = new float[160];
        parameters.ToNetwork().Forward(set.Pixels.Span[..(16 * 784)], y);
        for (var i = 0; i < 160; i++)
            Assert.Equal(y[i], pass.Output(i / 10)[i % 10], 1e-5);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_short_training_learns_and_repeats_bit_for_bit()
    {
        var set = Part(await Mnist.TrainAsync(), 3000);
        var options = new TrainingOptions
        {
            Network = new NetworkOptions([50, 100], 8, 0.01f),
            Teacher = new NetworkOptions([100], 3, 0.005f),
            Holdout = 0.2,
            Batch = 64,
        };
        var reports = new List<EpochReport>();
        var first = Trainer.Train(set, options, progress: new Reports(reports.Add), cancellation: TestContext.Current.CancellationToken);
        var second = Trainer.Train(set, options, cancellation: TestContext.Current.CancellationToken);
        AssertSame(first, second);
        Assert.Equal("784-50-100-10", first.ToString());
        Assert.Equal([true, true, true, .. Enumerable.Repeat(false, 8)], reports.Select(report => report.IsTeacher));
        Assert.True(reports[^1].Loss < reports[3].Loss);
        Assert.InRange(reports[^1].HoldoutAccuracy, 0.8, 1);
    }

    [Fact]
    public async Task Another_seed_gives_other_weights()
    {
        var set = Part(await Mnist.TrainAsync(), 500);
        var one = Trainer.Train(set, s_tiny, cancellation: TestContext.Current.CancellationToken);
        var other = Trainer.Train(set, s_tiny with { Seed = 4 }, cancellation: TestContext.Current.CancellationToken);
        Assert.NotEqual(one.Layers[0].Weights.ToArray(), other.Layers[0].Weights.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_run_that_was_stopped_and_went_on_ends_with_the_same_bits(int stopAfter)
    {
        var set = Part(await Mnist.TrainAsync(), 500);
        var whole = Trainer.Train(set, s_tiny, cancellation: TestContext.Current.CancellationToken);
        var file = Path.Combine(_folder.FullName, "run");
        using var stop = new CancellationTokenSource();
        var epochs = 0;
        var watch = new Reports(_ =>
        {
            if (++epochs == stopAfter)
                stop.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(set, s_tiny, file, watch, stop.Token));
        Assert.Equal(stopAfter, epochs);
        var rest = Trainer.Train(set, s_tiny, file, watch, TestContext.Current.CancellationToken);
        Assert.Equal(5, epochs);
        AssertSame(whole, rest);
        AssertSame(whole, Trainer.Train(set, s_tiny, file, watch, TestContext.Current.CancellationToken)); // nothing left to do
        Assert.Equal(5, epochs);
    }

    [Fact]
    public async Task A_checkpoint_of_another_run_is_refused()
    {
        var set = Part(await Mnist.TrainAsync(), 500);
        var file = Path.Combine(_folder.FullName, "run");
        Trainer.Train(set, s_tiny, file, cancellation: TestContext.Current.CancellationToken);
        var error = Assert.Throws<TrainingException>(
            () => Trainer.Train(set, s_tiny with { Seed = 4 }, file, cancellation: TestContext.Current.CancellationToken));
        Assert.Matches("run belongs to another run: expected one of '500 pictures, 12-9 for 3 epochs.*seed 4,.*got '500 pictures.*seed 3,",
            error.Message);
    }

    [Fact]
    public async Task A_file_that_is_no_checkpoint_is_refused()
    {
        var set = Part(await Mnist.TrainAsync(), 500);
        var file = Path.Combine(_folder.FullName, "run");
        await File.WriteAllTextAsync(file, "not a checkpoint", TestContext.Current.CancellationToken);
        var error =
            Assert.Throws<TrainingException>(() => Trainer.Train(set, s_tiny, file, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("run is no checkpoint of a training run: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_stops_when_asked()
    {
        var set = Part(await Mnist.TrainAsync(), 500);
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(set, s_tiny, cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_network_that_is_too_sure_is_cooled_down_by_as_much()
    {
        var set = Part(await Mnist.TestAsync(), 1000);
        var parameters = new Parameters(784, 10);
        foreach (var digit in Enumerable.Range(0, 10)) // the mean picture of each digit is not a bad classifier
        {
            var count = 0;
            for (var i = 0; i < set.Count; i++)
                count += set.Labels.Span[i] == digit ? 1 : 0;
            for (var i = 0; i < set.Count; i++)
            {
                for (var pixel = 0; set.Labels.Span[i] == digit && pixel < 784; pixel++)
                    parameters.Row(0, pixel)[digit] += set.Image(i)[pixel] / 255f / count * 0.2f;
            }
        }
        var temperature = Calibration.Temperature(parameters, set, 0, set.Count);
        parameters.Soften(0.5f); // twice as sure
        Assert.Equal(2, Calibration.Temperature(parameters, set, 0, set.Count) / temperature, 0.01);
        parameters.Soften(2 * temperature);
        Assert.Equal(1, Calibration.Temperature(parameters, set, 0, set.Count), 0.01);
    }

    private static void AssertSame(Network one, Network other)
    {
        for (var layer = 0; layer < one.Layers.Count; layer++)
        {
            Assert.Equal(one.Layers[layer].Weights.ToArray(), other.Layers[layer].Weights.ToArray());
            Assert.Equal(one.Layers[layer].Bias.ToArray(), other.Layers[layer].Bias.ToArray());
        }
    }

    private static MnistSet Part(MnistSet set, int count) => new(
        new IdxArray([count, 28, 28], set.Pixels[..(count * MnistImage.Pixels)]), new IdxArray([count], set.Labels[..count]));

    private sealed class Reports(Action<EpochReport> report) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => report(value);
    }
}
