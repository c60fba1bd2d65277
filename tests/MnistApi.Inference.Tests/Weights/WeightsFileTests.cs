using MnistApi.Inference.Weights;

namespace MnistApi.Inference.Tests.Weights;

public sealed class WeightsFileTests
{
    [Fact]
    public void A_network_reads_back_as_it_was_written()
    {
        var network = RandomNetwork.Make(784, 50, 100, 10);
        var bytes = SafetensorsWriter.Write(WeightsFile.ToTensors(network, new Dictionary<string, string> { ["name"] = "n" }));
        var file = WeightsFile.Read(bytes);
        Assert.Equal("784-50-100-10", file.Network.ToString());
        Assert.Equal("n", file.Metadata["name"]);
        Assert.Equal("sigmoid,sigmoid,softmax", file.Metadata[WeightsFile.ActivationsKey]);
        Assert.Equal(64, file.Sha256.Length);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(network.Layers[i].Weights.ToArray(), file.Network.Layers[i].Weights.ToArray());
            Assert.Equal(network.Layers[i].Bias.ToArray(), file.Network.Layers[i].Bias.ToArray());
        }
    }

    [Fact]
    public void Any_depth_and_width_is_a_network()
    {
        var network = RandomNetwork.Make(784, 12, 30, 7, 10);
        Assert.Equal("784-12-30-7-10", WeightsFile.Read(
            SafetensorsWriter.Write(WeightsFile.ToTensors(network, Nothing))).Network.ToString());
    }

    [Theory]
    [InlineData(783, 10, "expected W1 to have 784 rows (the pixels of a picture), got 783")]
    [InlineData(784, 9, "expected the last layer to have 10 outputs (the digits), got 9")]
    public void It_must_be_one_for_digits(int inputs, int outputs, string message)
    {
        var bytes = SafetensorsWriter.Write(WeightsFile.ToTensors(RandomNetwork.Make(inputs, 5, outputs), Nothing));
        Assert.Equal(message, Assert.Throws<WeightsFormatException>(() => WeightsFile.Read(bytes)).Message);
    }

    [Fact]
    public void Names_must_be_the_chapters()
    {
        Refused("expected tensors named W1, b1, W2, b2 and so on, got W1, b1, weight; 'mnist convert' reads other names",
            "identity", ("W1", [2, 2]), ("b1", [2]), ("weight", [2]));
        Refused("expected tensors named W1, b1, W2, b2 and so on, got fc1.weight, fc1.bias; 'mnist convert' reads other names",
            "identity", ("fc1.weight", [2, 2]), ("fc1.bias", [2]));
        Refused("expected tensors named W1, b1, W2, b2 and so on, got W1, b1, W3, b3; 'mnist convert' reads other names",
            "identity", ("W1", [2, 2]), ("b1", [2]), ("W3", [2, 2]), ("b3", [2]));
    }

    [Fact]
    public void A_bias_must_not_be_missing() => Refused("expected a tensor named b1, got W1", "identity", ("W1", [2, 2]));

    [Fact]
    public void There_must_be_tensors() => Refused("expected tensors named W1, b1, W2, b2 and so on, got none at all", "identity");

    [Fact]
    public void Shapes_must_be_a_matrix_and_a_vector()
    {
        Refused("expected W1 to have the shape [inputs,outputs], got [4]", "identity", ("W1", [4]), ("b1", [2]));
        Refused("expected W1 to have the shape [inputs,outputs], got [4,1,3,3]: convolutions are not supported",
            "none", ("W1", [4, 1, 3, 3]), ("b1", [4]));
        Refused("expected b1 to have the shape [2], one a column of W1, got [3]", "identity", ("W1", [2, 2]), ("b1", [3]));
        Refused("expected W2 to have 2 rows, one an output of the layer before, got [3,1]", "identity,identity",
            ("W1", [2, 2]), ("b1", [2]), ("W2", [3, 1]), ("b2", [1]));
    }

    [Fact]
    public void Activations_must_be_known_and_as_many_as_layers()
    {
        Refused("expected 1 activations, one a layer, got 2: 'relu,relu'", "relu,relu", ("W1", [2, 2]), ("b1", [2]));
        Refused("expected activations among identity, step, sigmoid, relu, softmax, got 'tanh'", "tanh", ("W1", [2, 2]), ("b1", [2]));
        Refused("expected the metadata to name the activations, such as 'sigmoid,sigmoid,softmax'", null, ("W1", [2, 2]), ("b1", [2]));
    }

    [Fact]
    public void Numbers_must_be_finite()
    {
        var weights = new float[12];
        weights[7] = float.NaN;
        NotFinite("expected finite float32 numbers, got NaN at W1[1,3]", weights, new float[4]);
        NotFinite("expected finite float32 numbers, got -Infinity at b1[2]", new float[12], [0, 0, float.NegativeInfinity, 0]);
    }

    private static void NotFinite(string message, float[] weights, float[] bias)
    {
        var file = new TensorFile(
            [new Tensor("W1", [3, 4], weights), new Tensor("b1", [4], bias)],
            new Dictionary<string, string> { [WeightsFile.ActivationsKey] = "identity" });
        Assert.Equal(message, Assert.Throws<WeightsFormatException>(() => WeightsFile.ToNetwork(file)).Message);
    }

    [Fact]
    public void Answers_must_be_probabilities()
    {
        var network = new Network([new DenseLayer(new float[7840], new float[10], Activation.Relu)]);
        var bytes = SafetensorsWriter.Write(WeightsFile.ToTensors(network, Nothing));
        Assert.Equal("expected the last activation to be softmax, which makes probabilities, got relu",
            Assert.Throws<WeightsFormatException>(() => WeightsFile.Read(bytes)).Message);
    }

    [Fact]
    public void Sums_must_stay_finite()
    {
        var network = new Network([new DenseLayer([.. Enumerable.Repeat(1e35f, 7840)], new float[10], Activation.Softmax)]);
        var bytes = SafetensorsWriter.Write(WeightsFile.ToTensors(network, Nothing));
        Assert.StartsWith("the sums of W1 can reach 7.84E+37, more than float32 holds",
            Assert.Throws<WeightsFormatException>(() => WeightsFile.Read(bytes)).Message);
    }

    private static Dictionary<string, string> Nothing => [];

    private static void Refused(string message, string? activations, params (string Name, int[] Shape)[] tensors)
    {
        var metadata = activations is null ? Nothing : new Dictionary<string, string> { [WeightsFile.ActivationsKey] = activations };
        var file = new TensorFile(
            [.. tensors.Select(tensor => new Tensor(tensor.Name, tensor.Shape, new float[tensor.Shape.Aggregate(1, (a, b) => a * b)]))],
                metadata);
        Assert.Equal(message, Assert.Throws<WeightsFormatException>(() => WeightsFile.ToNetwork(file)).Message);
    }
}
