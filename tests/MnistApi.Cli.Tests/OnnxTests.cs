using CsCheck;
using Microsoft.ML.OnnxRuntime;
using MnistApi.Cli.Foreign;
using MnistApi.Cli.Foreign.Onnx;
using MnistApi.Inference;
using MnistApi.Inference.Weights;
using MnistApi.TestData;

namespace MnistApi.Cli.Tests;

/// <summary>ONNX files byte by byte, what is refused in them, and those that are exported, in ONNX Runtime.</summary>
public sealed class OnnxTests : IDisposable
{
    private static readonly string s_shippedWeights = Path.Combine(AppContext.BaseDirectory, "Weights", "mnist-784-50-100-10.safetensors");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("onnx");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_matrix_and_a_softmax_are_a_network()
    {
        var converted = ForeignWeights.Read(OnnxBytes.Of([("MatMul", ["x", "w"], "a"), ("Softmax", ["a"], "y")]), new ConversionOptions());
        Assert.Equal("784-10", converted.Network.ToString());
        Assert.Equal(1, converted.Network.Layers[0].Weights[7839]);
        Assert.Empty(converted.Notes);
    }

    [Theory]
    [InlineData("Conv x w > y", "operator Conv: convolutions are not supported")]
    [InlineData("LSTM x w > y", "operator LSTM: recurrent layers are not supported")]
    [InlineData("Tanh x > y", "operator Tanh: is not supported")]
    [InlineData("MatMul x nothing > y", "operator MatMul takes 'nothing', which nothing before it gives")]
    [InlineData("MatMul x x > y", "operator MatMul: expected one matrix of constants")]
    [InlineData("Relu x > y", "operator Relu: expected relu to follow a dense layer")]
    [InlineData("MatMul x w > a;MatMul a w > y", "expected the layer 'w' to have 10 inputs, the outputs of the layer before, got 784")]
    [InlineData("Add x w > a;MatMul a w > y", "expected one number or 784, got the shape [784,10]")]
    [InlineData("Shape x > y", "expected dense layers (Gemm or MatMul) between the input and an output, got none")]
    [InlineData("Div w x > a;MatMul a w > y", "operator Div: expected one number or 784")]
    [InlineData("Mul w w > a;MatMul x a > y", "operator Mul: is applied to constants")]
    [InlineData("Transpose x > t;MatMul t w > y", "operator MatMul: multiplies the pictures of a batch with each other")]
    public void What_is_no_dense_network_is_named(string graph, string message)
    {
        var nodes = graph.Split(';').Select(node => node.Split(' ')).Select(words => (words[0], words[1..^2], words[^1])).ToArray();
        ForeignTests.Refused(message, OnnxBytes.Of(nodes));
    }

    [Fact]
    public void Softmax_is_not_the_last_activation_of_a_network_that_has_another()
    {
        var file = OnnxBytes.Of([("MatMul", ["x", "w"], "a"), ("Sigmoid", ["a"], "y")]);
        Assert.Contains("expected the last activation to be softmax",
            Assert.Throws<WeightsFormatException>(() => ForeignWeights.Read(file, new ConversionOptions())).Message);
    }

    [Fact]
    public void Older_opsets_external_and_sparse_weights_are_named()
    {
        ForeignTests.Refused("expected ONNX opset 7 or later, got 6", OnnxBytes.Of([("MatMul", ["x", "w"], "y")], opset: 6));
        byte[] external = [0x42, 1, (byte)'w', 0x70, 1]; // name w, data_location 1
        ForeignTests.Refused("'w' lies in a file beside this one", OnnxBytes.Model([OnnxBytes.Message(5, external)]));
        ForeignTests.Refused("sparse weights, which are not read", OnnxBytes.Model([OnnxBytes.Message(15, [])]));
    }

    /// <summary>Lengths beyond the end, numbers without one, wire types that are none, field 0.</summary>
    [Theory]
    [InlineData(0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F)]
    [InlineData(0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01)]
    [InlineData(0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)]
    [InlineData(0x3B)]
    [InlineData(0x3D, 1, 2)]
    [InlineData(0x02, 0)]
    [InlineData(0x08)]
    public void Damaged_protobuf_is_refused(params int[] bytes) =>
        ForeignTests.Refused("the ONNX file is damaged", [8, 8, 0x12, 0, .. bytes.Select(value => (byte)value)]);

    /// <summary>Graphs in attributes of nodes in graphs ... are bytes that nobody looks into.</summary>
    [Fact]
    public void Depth_takes_no_stack()
    {
        byte[] graph = [];
        for (var i = 0; i < 2000; i++)
            graph = OnnxBytes.Message(1, OnnxBytes.Message(5, OnnxBytes.Message(6, graph)));
        ForeignTests.Refused("expected one input, the pixels, got 0", OnnxBytes.Model([graph]));
    }

    [Fact]
    public void A_shape_that_overflows_is_refused() =>
        ForeignTests.Refused("expected an array of shape [4294967295,4294967295]", OnnxBytes.Model(
        [OnnxBytes.Message(5, [8, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x10, 1, 0x42, 1, (byte)'w'])]));

    /// <summary>A node is two bytes of the file and a hundred of memory; so is a number in a shape eight of one.</summary>
    [Fact]
    public void Many_small_fields_take_no_memory()
    {
        var nodes = Enumerable.Repeat(new byte[] { 0x0A, 0 }, 100_001).ToArray();
        ForeignTests.Refused("expected an ONNX file of at most 100000 fields", OnnxBytes.Model(nodes));
        var shape = OnnxBytes.Message(5, OnnxBytes.Message(1, Enumerable.Repeat((byte)1, 100_001).ToArray()));
        ForeignTests.Refused("expected an ONNX file of at most 100000 fields", OnnxBytes.Model([shape]));
    }

    [Fact]
    public void An_empty_matrix_of_many_columns_takes_no_memory()
    {
        byte[] node = [0x0A, 1, (byte)'x', 0x0A, 1, (byte)'w', 0x12, 1, (byte)'y', .. OnnxBytes.Message(4, "MatMul"u8)];
        byte[] matrix = [8, 0, 8, 0xFF, 0xFF, 0xFF, 0xFF, 7, 0x10, 1, 0x42, 1, (byte)'w']; // 0 x 2147483647
        ForeignTests.Refused("operator MatMul: expected the layer 'w' to have 784 inputs, the pixels of a picture, got 0",
            OnnxBytes.Model([OnnxBytes.Message(1, node), OnnxBytes.Message(5, matrix), OnnxBytes.Message(11, [10, 1, 0x78])]));
    }

    [Fact]
    public void Files_near_right_ones_are_read_or_refused() => Mutated.Of(
            OnnxBytes.Of([("MatMul", ["x", "w"], "a"), ("Softmax", ["a"], "y")])[..400], OnnxBytes.Small(),
                OnnxWriter.Write(SmallNetwork()))
        .Sample(NumpyPropertyTests.IsReadOrRefused, iter: 3000);

    /// <summary>
    /// The shipped weights have logits up to 25, where float32 is coarse: from float64's probabilities ours are up to 2.59e-6 away, ONNX
    /// Runtime's 2.34e-6. MatMul with Add changes nothing, and a graph in doubles is 2.56e-6 from ours: no export comes nearer.
    /// </summary>
    [Theory]
    [InlineData(false, 3e-6)]
    [InlineData(true, 1e-6)]
    public async Task Onnx_runtime_gives_the_same_answers_on_all_10000(bool isBooks, double tolerance)
    {
        var set = await Mnist.TestAsync();
        var (path, weights) = (Path.Combine(_folder.FullName, "w.onnx"), s_shippedWeights);
        if (isBooks)
            Assert.Equal((0, ""), await Converted(await Book.PathAsync(), weights = Path.Combine(_folder.FullName, "book.safetensors")));
        var (code, output, error) = await Run.MnistAsync("export", weights, path);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("784-50-100-10, ", output);
        var network = WeightsFile.Load(weights).Network;
        float[] pixels = set.ToNormalized(), ours = new float[100_000], logits = new float[100_000];
        network.Forward(pixels, ours);
        network.Logits.Forward(pixels, logits);
        using var session = new InferenceSession(path);
        Assert.Equal(["pixels"], session.InputNames);
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [10_000, 784]);
        using var answers = session.Run(new RunOptions(), ["pixels"], [input], ["probabilities", "logits"]);
        var (theirs, theirLogits) = (answers[0].GetTensorDataAsSpan<float>().ToArray(), answers[1].GetTensorDataAsSpan<float>().ToArray());
        Assert.InRange(ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max(), 0, tolerance);
        Assert.InRange(logits.Zip(theirLogits, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-4);
        for (var i = 0; i < 10_000; i++)
            Assert.Equal(Classes.Best(ours.AsSpan(i * 10, 10)), Classes.Best(theirs.AsSpan(i * 10, 10)));
    }

    [Fact]
    public void Every_activation_runs_in_onnx_runtime()
    {
        var network = SmallNetwork();
        using var session = new InferenceSession(OnnxWriter.Write(network));
        float[] pixels = [.. Enumerable.Range(0, 784 * 3).Select(i => i * 37 % 256 / 255f)], ours = new float[30];
        network.Forward(pixels, ours);
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [3, 784]);
        using var answers = session.Run(new RunOptions(), ["pixels"], [input], ["probabilities"]);
        Assert.InRange(ours.Zip(answers[0].GetTensorDataAsSpan<float>().ToArray(), (a, b) => Math.Abs(a - b)).Max(), 0, 1e-6);
    }

    [Theory]
    [InlineData("w.npz")]
    [InlineData("w.pkl")]
    [InlineData("w.onnx")]
    public async Task What_is_exported_converts_back(string name)
    {
        var (path, back) = (Path.Combine(_folder.FullName, name), Path.Combine(_folder.FullName, "back.safetensors"));
        var bytes = new List<byte[]>();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(0, (await Run.MnistAsync("export", s_shippedWeights, path)).Code);
            bytes.Add(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        }
        Assert.Equal(bytes[0], bytes[1]);
        Assert.Equal((0, ""), await Converted(path, back));
        var (original, again) = (WeightsFile.Load(s_shippedWeights).Network, WeightsFile.Load(back).Network);
        for (var i = 0; i < 3; i++)
            Assert.Equal(original.Layers[i].Weights.ToArray(), again.Layers[i].Weights.ToArray());
    }

    [Fact]
    public async Task Export_names_the_endings_that_it_knows()
    {
        var (code, _, error) = await Run.MnistAsync("export", s_shippedWeights, "w.h5");
        Assert.Equal(2, code);
        Assert.Contains("expected a name that ends in .onnx, .npz, .pkl, got w.h5", error);
    }

    private static async Task<(int Code, string Error)> Converted(string path, string result)
    {
        var (code, _, error) = await Run.MnistAsync("convert", path, result);
        return (code, error);
    }

    private static Network SmallNetwork()
    {
        Activation[] activations = [Activation.Relu, Activation.Sigmoid, Activation.Step, Activation.Identity, Activation.Softmax];
        int[] widths = [784, 4, 5, 6, 7, 10];
        return new Network(activations.Select((activation, i) => new DenseLayer(
            [.. Enumerable.Range(0, widths[i] * widths[i + 1]).Select(k => (k * 7 % 11 - 5) / 50f)],
            [.. Enumerable.Range(0, widths[i + 1]).Select(k => k / 10f - 0.2f)], activation)));
    }
}
