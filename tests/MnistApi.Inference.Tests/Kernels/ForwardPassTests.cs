using MnistApi.Inference.Kernels;

namespace MnistApi.Inference.Tests.Kernels;

/// <summary>Each width of vectors against the slow twin, called directly: so all are tested on whatever machine this is.</summary>
public sealed class ForwardPassTests
{
    private const double Tolerance = 2e-6;

    public static TheoryData<string> Widths => ["Vector512", "Vector256", "Vector128", "Scalar"];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Bytes_equal_the_slow_twin(string width)
    {
        foreach (var (widths, images, ink) in Cases())
        {
            var network = RandomNetwork.Make(widths);
            var x = RandomNetwork.Picture(images, network.Inputs, ink);
            var y = Run(width, network, x, images);
            for (var image = 0; image < images; image++)
            {
                var expected =
                    ScalarNetwork.Forward(network, x.Skip(image * network.Inputs).Take(network.Inputs).Select(pixel => pixel / 255.0));
                for (var k = 0; k < network.Outputs; k++)
                    Assert.Equal(expected[k], y[image * network.Outputs + k], Tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Floats_equal_the_slow_twin(string width)
    {
        foreach (var (widths, images, ink) in Cases())
        {
            var network = RandomNetwork.Make(widths);
            var x = RandomNetwork.Picture(images, network.Inputs, ink).Select(pixel => pixel / 255f).ToArray();
            var y = new float[images * network.Outputs];
            Pass(width).Run(Packed(network), x, images, y, 1f);
            for (var image = 0; image < images; image++)
            {
                var expected =
                    ScalarNetwork.Forward(network, x.Skip(image * network.Inputs).Take(network.Inputs).Select(pixel => (double)pixel));
                for (var k = 0; k < network.Outputs; k++)
                    Assert.Equal(expected[k], y[image * network.Outputs + k], Tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_batch_gives_bit_for_bit_what_its_images_give_one_by_one(string width)
    {
        var network = RandomNetwork.Make(784, 50, 100, 10);
        foreach (var ink in new[] { 0.0, 0.19, 0.5, 1.0 }) // by listed pixels, at the border, and by all
        {
            var x = RandomNetwork.Picture(74, 784, ink);
            var alone = Enumerable.Range(0, 74).SelectMany(image => Run(width, network, x[(image * 784)..(image * 784 + 784)], 1))
                .ToArray();
            foreach (var images in new[] { 9, 10, 31, 70, 74 }) // with and without a block that is not full
                Assert.Equal(alone[..(images * 10)], Run(width, network, x[..(images * 784)], images));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Full_pictures_do_not_change_their_neighbours_answers(string width)
    {
        var network = RandomNetwork.Make(784, 50, 100, 10);
        var sparse = RandomNetwork.Picture(64, 784, 0.1);
        var expected = Run(width, network, sparse, 64);
        foreach (var full in new[] { 1, 4, 5, 31, 32 }) // in the first block: picked one by one, and the whole block together
        {
            var mixed = sparse.ToArray();
            mixed.AsSpan(0, full * 784).Fill(255);
            Assert.Equal(expected[(full * 10)..], Run(width, network, mixed, 64)[(full * 10)..]);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Activations_that_give_zeros_are_the_same_in_a_batch_and_alone(string width)
    {
        foreach (var activation in new[] { Activation.Relu, Activation.Step, Activation.Identity })
        {
            var layers = RandomNetwork.Make(40, 33, 17, 7).Layers;
            var network = new Network([.. layers.Select((layer, i) =>
                i == layers.Count - 1 ? layer : new DenseLayer(layer.Weights, layer.Bias, activation))]);
            var x = RandomNetwork.Picture(33, 40, 0.5);
            var together = Run(width, network, x, 33);
            for (var image = 0; image < 33; image++)
                Assert.Equal(together[(image * 7)..(image * 7 + 7)], Run(width, network, x[(image * 40)..(image * 40 + 40)], 1));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void More_inputs_than_a_list_can_hold(string width)
    {
        const int Inputs = NonZeroList.MaxInputs + 1;
        var network = RandomNetwork.Make(Inputs, 3);
        var x = RandomNetwork.Picture(2, Inputs, 0.001);
        x[Inputs - 1] = 200;
        var y = Run(width, network, x, 2);
        for (var image = 0; image < 2; image++)
        {
            var expected = ScalarNetwork.Forward(network, x.Skip(image * Inputs).Take(Inputs).Select(pixel => pixel / 255.0));
            for (var k = 0; k < 3; k++)
                Assert.Equal(expected[k], y[image * 3 + k], Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void An_activation_works_as_the_first_thing_that_a_thread_does(string width)
    {
        var z = new float[100];
        var thread = new Thread(() => Pass(width).Activate(Activation.Sigmoid, new float[100], z));
        thread.Start();
        thread.Join();
        Assert.All(z, value => Assert.Equal(0.5, value, Tolerance));
    }

    [Fact]
    public void Shared_among_threads_the_answer_is_the_same()
    {
        var network = RandomNetwork.Make(784, 50, 100, 10);
        var images = Network.ImagesWorthThreads + 77;
        var x = RandomNetwork.Picture(images, 784, 0.2);
        var alone = new float[images * 10];
        var shared = new float[images * 10];
        network.Forward(x, alone);
        network.ForwardParallel(x, shared);
        Assert.Equal(alone, shared);

        var floats = x.Select(pixel => pixel / 255f).ToArray();
        network.Forward(floats, alone);
        network.ForwardParallel(floats, shared);
        Assert.Equal(alone, shared);
    }

    [Fact]
    public void Non_zeros_are_listed_at_every_length()
    {
        for (var length = 0; length <= 257; length++)
        {
            var x = RandomNetwork.Picture(1, length, 0.5, seed: length);
            var expected = Enumerable.Range(0, length).Where(i => x[i] != 0).ToArray();
            Assert.Equal(expected, List(length, (rows, values) => NonZeroList.Fill(x, rows, values, length), i => x[i]));
            var floats = x.Select(value => (float)value).ToArray();
            Assert.Equal(expected, List(length, (rows, values) => NonZeroList.Fill(floats, rows, values, length), i => x[i]));
        }
    }

    [Fact]
    public void Listing_gives_up_beyond_the_number_asked_for()
    {
        var x = RandomNetwork.Picture(1, 784, 1);
        var rows = new ushort[784 + NonZeroList.Slack];
        var values = new float[784 + NonZeroList.Slack];
        Assert.Equal(784, NonZeroList.Fill(x, rows, values, 784));
        Assert.Equal(NonZeroList.TooMany, NonZeroList.Fill(x, rows, values, 783));
        Assert.Equal(NonZeroList.TooMany, NonZeroList.Fill(new float[784].Select(_ => 1f).ToArray(), rows, values, 100));
    }

    private delegate int Filler(Span<ushort> rows, Span<float> values);

    private static int[] List(int length, Filler fill, Func<int, float> value)
    {
        var rows = new ushort[length + NonZeroList.Slack];
        var values = new float[length + NonZeroList.Slack];
        var count = fill(rows, values);
        for (var i = 0; i < count; i++)
            Assert.Equal(value(rows[i]), values[i]);
        return [.. rows.Take(count).Select(row => (int)row)];
    }

    private static IEnumerable<(int[] Widths, int Images, double Ink)> Cases()
    {
        foreach (var images in new[] { 1, 2, 3, 4, 5, 9, 10, 31, 32, 33, 65 })
        {
            foreach (var ink in new[] { 0, 0.19, 1 })
                yield return ([784, 50, 100, 10], images, ink);
        }
        foreach (var hidden in new[] { 1, 7, 15, 16, 17, 20, 21, 34, 48, 63, 65, 82, 129, 200 })
            yield return ([784, hidden, 10], 5, 0.2);
        yield return ([3, 2], 9, 0.5);
        yield return ([784, 10], 5, 0.2);
        yield return ([784, 33, 20, 40, 5, 10], 6, 0.2);
    }

    private static float[] Run(string width, Network network, byte[] x, int images)
    {
        var y = new float[images * network.Outputs];
        Pass(width).Run(Packed(network), x, images, y, 1f / 255);
        return y;
    }

    private static PackedLayer[] Packed(Network network) => [.. network.Layers.Select(layer => new PackedLayer(layer))];

    private static ForwardPass Pass(string width) => width switch
    {
        "Vector512" => ForwardPass.Vector512,
        "Vector256" => ForwardPass.Vector256,
        "Vector128" => ForwardPass.Vector128,
        _ => ForwardPass.Scalar,
    };
}
