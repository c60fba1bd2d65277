using System.IO.Compression;
using System.Text;
using MnistApi.Cli.Foreign;
using MnistApi.Inference;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Tests;

/// <summary>Which layers are found in which arrays, and what is said of the rest; each file of literal bytes.</summary>
public sealed class ForeignTests
{
    [Theory]
    [InlineData("W1:784,3 b1:3 W2:3,10 b2:10", "784-3-10 sigmoid,softmax")]
    [InlineData("w1:784,3 B1:1,3 w2:3,10 B2:10,1", "784-3-10 sigmoid,softmax")]
    [InlineData("W1:784,784 b1:1,784 W2:784,1 b2:1 W3:1,10 b3:1,10", "784-784-1-10 sigmoid,sigmoid,softmax")]
    [InlineData("arr_0:784,3 arr_1:3 arr_2:3,10 arr_3:10", "784-3-10 relu,softmax")]
    [InlineData("arr_10:3,10 arr_11:10 arr_8:784,3 arr_9:3", "784-3-10 relu,softmax")]
    [InlineData("module.net.0.weight:3,784 module.net.0.bias:3 module.net.2.weight:10,3 module.net.2.bias:10", "784-3-10 relu,softmax",
        "the matrices are outputs x inputs, as PyTorch keeps them: transposed")]
    [InlineData("out.weight:10,3 out.bias:10 hidden.weight:3,784 hidden.bias:3", "784-3-10 relu,softmax")]
    [InlineData("fc1.weight:784,784 fc1.bias:784 fc2.weight:10,784 fc2.bias:10", "784-784-10 relu,softmax", "outputs x inputs")]
    [InlineData("fc1.weight:784,784 fc1.bias:784 fc2.weight:784,10 fc2.bias:10", "784-784-10 relu,softmax",
        "the matrices are inputs x outputs, although PyTorch")]
    [InlineData("wih:5,784 who:10,5", "784-5-10 relu,softmax", "'wih' has no bias: zeros", "outputs x inputs")]
    [InlineData("dense/kernel:784,4 dense/bias:4 dense_1/kernel:4,10 dense_1/bias:10", "784-4-10 relu,softmax")]
    [InlineData("layer.weight:10,784 layer.bias:10", "784-10 softmax")]
    [InlineData("fc1.weight:6,784 fc1.bias:6 bn1.weight:6 bn1.bias:6 bn1.running_mean:6 bn1.running_var:6 fc2.weight:10,6 fc2.bias:10",
        "784-6-10 relu,softmax", "batch normalisation 'bn1' folded into 'fc1.weight'")]
    [InlineData("fc1.weight:10,784 fc1.bias:10 fc2.weight:10,10 fc2.bias:10 bn2.running_mean:10 bn2.running_var:10",
        "784-10-10 relu,softmax", "batch normalisation 'bn2' folded into 'fc2.weight'")]
    [InlineData("arr_0:784,4 arr_1:4 arr_2:4 arr_3:4 arr_4:4 arr_5:4,10 arr_6:10", "784-4-10 relu,softmax",
        "'arr_0' has no bias: zeros", "folded into 'arr_0'")]
    public void Layers_are_found(string arrays, string network, params string[] notes)
    {
        var converted = ForeignWeights.Read(Npz(arrays), new ConversionOptions());
        Assert.Equal(network, $"{converted.Network} {string.Join(',', converted.Network.Layers.Select(layer => layer.Activation.Name()))}");
        foreach (var note in notes)
            Assert.Contains(converted.Notes, said => said.Contains(note, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("conv1.weight:4,1,3,3 fc.weight:10,784", "'conv1.weight' has the shape [4,1,3,3]: convolutions are not supported")]
    [InlineData("rnn.weight_ih_l0:10,784", "'rnn.weight_ih_l0' belongs to a recurrent layer")]
    [InlineData("W1:783,3 b1:3 W2:3,10 b2:10", "got 'W1' [783,3], 'W2' [3,10]")]
    [InlineData("W1:784,3 b1:3 W2:4,10 b2:10",
        "one chain from 784 (the pixels of a picture) to 10 (the digits), got 'W1' [784,3], 'W2' [4,10]")]
    [InlineData("W1:784,10 b1:9", "expected 'b1' to have 10 numbers, as 'W1' has outputs, got [9]")]
    [InlineData("W1:784,10 b1:10 b7:10", "'b7' belongs to no matrix")]
    [InlineData("W1:784,10 b1:10 bn.running_mean:7", "'bn' normalises 7 numbers, as no layer has outputs")]
    [InlineData("b1:10", "to 10 (the digits), got no matrix")]
    [InlineData("", "this is a zip archive of nothing, not of weights")]
    public void What_is_no_chain_is_named(string arrays, string message) =>
        Assert.Contains(message, Assert.Throws<WeightsFormatException>(
            () => ForeignWeights.Read(Npz(arrays), new ConversionOptions())).Message);

    [Fact]
    public void Many_matrices_of_one_shape_end_the_search()
    {
        var arrays = "W0:784,5 " + string.Join(' ', Enumerable.Range(1, 40).Select(i => $"W{i}:5,5"));
        Assert.Contains("too many ways are open",
            Assert.Throws<WeightsFormatException>(() => ForeignWeights.Read(Npz(arrays), new())).Message);
    }

    [Fact]
    public void The_normalisation_of_the_training_is_folded_into_the_first_layer()
    {
        var plain = ForeignWeights.Read(Npz("W1:784,10 b1:10"), new ConversionOptions()).Network;
        var folded = ForeignWeights.Read(Npz("W1:784,10 b1:10"), new ConversionOptions(null, 0.1307, 0.3081)).Network;
        float[] pixels = [.. Enumerable.Range(0, 784).Select(i => i % 256 / 255f)], expected = new float[10], answer = new float[10];
        plain.Logits.Forward([.. pixels.Select(pixel => (pixel - 0.1307f) / 0.3081f)], expected);
        folded.Logits.Forward(pixels, answer);
        for (var i = 0; i < 10; i++)
            Assert.Equal(expected[i], answer[i], Math.Abs(expected[i]) * 1e-5);
    }

    [Fact]
    public void Python_2s_pickle_of_protocol_0_is_read_from_gzip()
    {
        var numbers = string.Concat(Enumerable.Repeat(@"\x00\x00\x80?", 7840)); // 1 as float32
        var text = "(dp0\nS'W1'\np1\ncnumpy.core.multiarray\n_reconstruct\np2\n(cnumpy\nndarray\np3\n(I0\ntp4\nS'b'\np5\ntp6\nRp7\n(I1\n"
            + "(I784\nI10\ntp8\ncnumpy\ndtype\np9\n(S'f4'\np10\nI0\nI1\ntp11\nRp12\n(I3\nS'<'\np13\nNNNI-1\nI-1\nI0\ntp14\nbI00\n"
            + $"S'{numbers}'\np15\ntp16\nbsS'epochs'\np17\nI20\nsV\\u006cr\np18\nF0.01\nsS'big'\np19\nL12L\ns.";
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.Latin1.GetBytes(text));
        var converted = ForeignWeights.Read(packed.ToArray(), new ConversionOptions());
        Assert.Equal("784-10", converted.Network.ToString());
        Assert.True(converted.Network.Layers[0].Weights.IndexOfAnyExcept(1f) < 0);
        Assert.Equal("passed over: epochs (the number 20), lr (the number 0.01), big (the number 12)", converted.Notes[0]);
        Refused("the line ends of this pickle were changed",
            Encoding.Latin1.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)));
    }

    [Fact]
    public void Lists_of_arrays_are_taken_in_turn()
    {
        var dictionary = Pickle.OfArrays([("x", [784, 10], new byte[31360]), ("y", [10], new byte[40])]);
        Assert.Equal("784-10", ForeignWeights.Read(dictionary, new ConversionOptions()).Network.ToString());
        var list = new Pickle().Add((byte)']', (byte)'(').Array([784, 10], new byte[31360]).Array([10], new byte[40]).Add((byte)'e').Done();
        Assert.Equal("784-10", ForeignWeights.Read(list, new ConversionOptions()).Network.ToString());
    }

    [Fact]
    public void A_number_that_is_none_is_named_with_its_place_in_the_file()
    {
        var weights = new float[7840];
        weights[784 * 3 + 4] = float.NaN;
        var file = new TensorFile([new Tensor("fc.weight", [10, 784], weights)], new Dictionary<string, string>());
        Refused("expected finite float32 numbers, got NaN at fc.weight[3,4]", SafetensorsWriter.Write(file));
    }

    [Fact]
    public void The_books_data_is_not_its_weights() => Refused("this is MNIST as the book keeps it (train_img",
        new Pickle().Add((byte)'}').Text("train_img").Add((byte)'N', (byte)'s').Done());

    [Theory]
    [InlineData("<html>", "this is an HTML page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "'git lfs pull' fetches it")]
    [InlineData("\u0089HDF\r\n\u001A\n", "numpy.savez(\"w.npz\", *model.get_weights())")]
    [InlineData("MATLAB 5.0 MAT-file", "scipy.io.loadmat")]
    [InlineData("RDX3\n", "numpy.loadtxt")]
    [InlineData("\u0008\u0001\u0012\u0080\u0001", "tf2onnx")]
    [InlineData("\u0093NUMPY\u0001\u0000", "one array and not a network's")]
    [InlineData("\u0001\u0002\u0003\u0004", "expected numpy's .npz or pickle, PyTorch's .pt, safetensors or ONNX")]
    [InlineData("", "this is an empty file")]
    public void Other_files_are_named_with_the_way_out(string latin1, string message) => Refused(message, Encoding.Latin1.GetBytes(latin1));

    [Fact]
    public void A_keras_archive_is_named() => Refused("this is a Keras model (.keras)",
        Zip(("metadata.json", []), ("config.json", []), ("model.weights.h5", [])));

    [Fact]
    public void Safetensors_of_a_state_dict_are_read()
    {
        var file = new TensorFile([new Tensor("fc.weight", [10, 784], new float[7840]), new Tensor("fc.bias", [10], new float[10])],
            new Dictionary<string, string>());
        Assert.Equal("784-10", ForeignWeights.Read(SafetensorsWriter.Write(file), new ConversionOptions()).Network.ToString());
    }

    /// <summary>
    /// As other writers lay it out: names not in the order of their bytes, fields in another order, spaces within, and up to the alignment
    /// of 8, numbers that are no weights.
    /// </summary>
    [Fact]
    public void Safetensors_of_another_writer_are_read()
    {
        var header = """
            { "fc.weight" : {"shape":[10,784], "data_offsets":[48,31408], "dtype":"F32"},
              "__metadata__":{"format":"pt"}, "steps":{"dtype":"I64","shape":[],"data_offsets":[0,8]},
              "fc.bias":{"data_offsets":[8,48],"dtype":"F32","shape":[10]}}
            """;
        var json = Encoding.UTF8.GetBytes(header.PadRight((header.Length + 7) / 8 * 8));
        var bias = PickleReaderTests.Floats([.. Enumerable.Range(0, 10).Select(i => i / 8f)]);
        var weights = PickleReaderTests.Floats([.. Enumerable.Range(0, 7840).Select(i => i / 8192f)]);
        byte[] file = [(byte)json.Length, (byte)(json.Length >> 8), 0, 0, 0, 0, 0, 0, .. json, .. new byte[8], .. bias, .. weights];
        var converted = ForeignWeights.Read(file, new ConversionOptions());
        var layer = converted.Network.Layers[0];
        Assert.Equal(1.125f, layer.Bias[9]);
        Assert.Equal(785 / 8192f, layer.Weights[1 * 10 + 1]); // its row 1, column 1: transposed
        Assert.Contains(converted.Notes, note => note.StartsWith("passed over: steps", StringComparison.Ordinal));
    }

    internal static void Refused(string message, byte[] file) =>
        Assert.Contains(message, Assert.Throws<WeightsFormatException>(() => ForeignWeights.Read(file, new ConversionOptions())).Message);

    internal static byte[] Zip(params (string Name, byte[] Bytes)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }
        return file.ToArray();
    }

    /// <summary>Arrays "name:rows,columns ..." of small numbers, all different.</summary>
    private static byte[] Npz(string arrays) => Zip([.. arrays.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(array =>
    {
        var (name, shape) = (array.Split(':')[0], array.Split(':')[1]);
        var count = shape.Split(',').Aggregate(1, (product, size) => product * int.Parse(size));
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape},), }}\n";
        byte[] npy = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header)];
        return ($"{name}.npy", (byte[])[.. npy, .. PickleReaderTests.Floats([.. Enumerable.Range(1, count).Select(i => i % 97 / 100f)])]);
    })]);
}
