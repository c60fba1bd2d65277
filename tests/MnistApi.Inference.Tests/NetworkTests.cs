namespace MnistApi.Inference.Tests;

public sealed class NetworkTests
{
    /// <summary>The chapter's 2-3-2-2 network.</summary>
    private static readonly DenseLayer[] s_chapter =
    [
        new([0.1f, 0.3f, 0.5f, 0.2f, 0.4f, 0.6f], [0.1f, 0.2f, 0.3f], Activation.Sigmoid),
        new([0.1f, 0.4f, 0.2f, 0.5f, 0.3f, 0.6f], [0.1f, 0.2f], Activation.Sigmoid),
        new([0.1f, 0.3f, 0.2f, 0.4f], [0.1f, 0.2f], Activation.Identity),
    ];

    [Fact]
    public void Chapters_network_gives_the_chapters_numbers()
    {
        Near([0.31682708, 0.69627909], Forward(new Network(s_chapter), [1.0f, 0.5f]));
    }

    [Fact]
    public void First_layer_of_the_chapters_network_gives_A1_and_Z1()
    {
        var first = s_chapter[0];
        Near([0.3, 0.7, 1.1], Forward(new Network([new DenseLayer(first.Weights, first.Bias, Activation.Identity)]), [1.0f, 0.5f]));
        Near([0.57444252, 0.66818777, 0.75026011], Forward(new Network([first]), [1.0f, 0.5f]));
    }

    [Fact]
    public void Product_of_two_square_matrices()
    {
        // [[1,2],[3,4]] · [[5,6],[7,8]]
        Near([19, 22, 43, 50], Forward(Product([5, 6, 7, 8], 2), [1, 2, 3, 4]));
    }

    [Fact]
    public void Product_of_a_2x3_and_a_3x2_matrix()
    {
        // [[1,2,3],[4,5,6]] · [[1,2],[3,4],[5,6]]
        Near([22, 28, 49, 64], Forward(Product([1, 2, 3, 4, 5, 6], 2), [1, 2, 3, 4, 5, 6]));
    }

    [Fact]
    public void Product_of_a_vector_and_a_matrix()
    {
        // [1,2] · [[1,3,5],[2,4,6]]
        Near([5, 11, 17], Forward(Product([1, 3, 5, 2, 4, 6], 3), [1, 2]));
    }

    [Fact]
    public void Name_gives_the_widths() => Assert.Equal("2-3-2-2", new Network(s_chapter).ToString());

    [Fact]
    public void Parameters_are_weights_and_biases() => Assert.Equal(9 + 8 + 6, new Network(s_chapter).Parameters);

    [Fact]
    public void Layers_must_fit_each_other()
    {
        var error = Assert.Throws<ArgumentException>(() => new Network([s_chapter[0], s_chapter[2]]));
        Assert.StartsWith("layer 2 takes 2 inputs, but layer 1 gives 3 outputs", error.Message);
    }

    [Fact]
    public void A_network_has_a_layer() => Assert.Throws<ArgumentException>(() => new Network([]));

    [Fact]
    public void Parameters_must_be_finite()
    {
        var error = Assert.Throws<ArgumentException>(() => new DenseLayer([1, float.NaN], [0], Activation.Identity));
        Assert.StartsWith("expected finite numbers, got NaN at index 1", error.Message);
    }

    [Fact]
    public void Weights_must_be_whole_rows() =>
        Assert.Throws<ArgumentException>(() => new DenseLayer([1, 2, 3], [0, 0], Activation.Identity));

    [Fact]
    public void Images_must_be_whole()
    {
        var error = Assert.Throws<ArgumentException>(() => new Network(s_chapter).Forward(new float[3], new float[4]));
        Assert.Contains("expected images of 2 numbers, got 3 numbers", error.Message);
    }

    [Fact]
    public void Answers_need_room()
    {
        var error = Assert.Throws<ArgumentException>(() => new Network(s_chapter).Forward(new float[4], new float[3]));
        Assert.Contains("expected room for 2 answers of 2 numbers, got room for 3 numbers", error.Message);
    }

    [Fact]
    public void Best_class_is_the_first_of_equals()
    {
        Assert.Equal(1, Classes.Best([0.1f, 0.4f, 0.4f]));
        Assert.Throws<ArgumentException>(() => Classes.Best([]));
    }

    [Fact]
    public void Forward_pass_allocates_nothing_once_its_thread_has_run_one()
    {
        var network = RandomNetwork.Make(784, 50, 100, 10);
        var x = RandomNetwork.Picture(100, 784, 0.2);
        var y = new float[100 * 10];
        network.Forward(x, y);
        Assert.Equal(0, Enumerable.Range(0, 10).Min(_ => Allocated()));

        // The least of several readings: a background collection counts the rest of this thread's buffer as allocated.
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++)
            {
                network.Forward(x, y);
                network.Forward(x.AsSpan(0, 784), y);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    public void Logits_become_the_answer_by_the_last_activation_bit_for_bit(int images)
    {
        var network = RandomNetwork.Make(784, 50, 100, 10);
        var x = RandomNetwork.Picture(images, 784, 0.2);
        float[] y = new float[images * 10], logits = new float[images * 10], softmax = new float[images * 10];
        network.Forward(x, y);
        network.Logits.Forward(x, logits);
        for (var i = 0; i < softmax.Length; i += 10)
            Activations.Softmax(logits.AsSpan(i, 10), softmax.AsSpan(i, 10));
        Assert.Equal(y, softmax);
        Assert.Same(network.Logits, network.Logits);
        Assert.Same(network.Logits, network.Logits.Logits);
        Assert.Equal("784-50-100-10", network.Logits.ToString());
    }

    private static Network Product(float[] matrix, int columns) => new([new DenseLayer(matrix, new float[columns], Activation.Identity)]);

    private static float[] Forward(Network network, float[] x)
    {
        var y = new float[x.Length / network.Inputs * network.Outputs];
        network.Forward(x, y);
        return y;
    }

    private static void Near(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], Math.Max(1e-6, 1e-6 * Math.Abs(expected[i])));
    }
}
