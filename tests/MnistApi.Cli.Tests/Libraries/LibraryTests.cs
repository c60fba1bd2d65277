using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Tests.Libraries;

/// <summary>What the libraries wrote, converted, gives the libraries' own logits; what is refused is named.</summary>
public sealed class LibraryTests(LibraryFiles files) : IClassFixture<LibraryFiles>
{
    private const float Tolerance = 1e-5f;

    [Fact]
    public async Task Logits_are_the_libraries_own_on_1000_pictures()
    {
        var pixels = files.Floats("pixels");
        var lines = await File.ReadAllLinesAsync(Path.Combine(files.Folder, "cases.txt"), TestContext.Current.CancellationToken);
        Assert.True(lines.Length >= 30);
        var failures = new List<string>();
        foreach (var line in lines.Select(line => line.Split(' ')))
        {
            var result = Path.Combine(files.Folder, "out.safetensors");
            var (code, output, error) = await Run.MnistAsync(["convert", Path.Combine(files.Folder, line[0]), result, .. line[1..]]);
            if (code != 0)
            {
                failures.Add(error);
                continue;
            }
            var logits = new float[10_000];
            WeightsFile.Load(result).Network.Logits.Forward(pixels, logits);
            var expected = files.Floats(Path.ChangeExtension(line[0], ".expected"));
            var difference = logits.Zip(expected, (ours, theirs) => Math.Abs(ours - theirs)).Max();
            TestContext.Current.TestOutputHelper?.WriteLine($"{line[0]}: {difference:E1} {output}");
            if (!(difference <= Tolerance))
                failures.Add($"{line[0]}: logits differ by {difference}; {output}");
        }
        Assert.Empty(failures);
    }

    /// <summary>The pickle as the chapter's init_network loads it, and its forward pass, in numpy.</summary>
    [Fact]
    public async Task Numpy_loads_what_is_exported()
    {
        var weights = Path.Combine(AppContext.BaseDirectory, "Weights", "mnist-784-50-100-10.safetensors");
        foreach (var name in new[] { "export.pkl", "export.npz" })
            Assert.Equal(0, (await Run.MnistAsync("export", weights, Path.Combine(files.Folder, name))).Code);
        Assert.Null(await LibraryFiles.PythonAsync("-c", """
            import pickle, sys, numpy
            folder = sys.argv[1]
            with open(folder + "/export.pkl", "rb") as f:
                network = pickle.load(f)
            arrays = numpy.load(folder + "/export.npz")
            assert list(network) == ["W1", "b1", "W2", "b2", "W3", "b3"] == arrays.files, arrays.files
            x = numpy.fromfile(folder + "/pixels", "<f4").reshape(-1, 784)
            for i in "123":
                assert (network["W" + i] == arrays["W" + i]).all() and (network["b" + i] == arrays["b" + i]).all()
                a = x @ network["W" + i] + network["b" + i]
                x = 1 / (1 + numpy.exp(-a))
            a.astype("<f4").tofile(folder + "/export.logits")
            """, files.Folder));
        var (expected, logits) = (files.Floats("export.logits"), new float[10_000]);
        WeightsFile.Load(weights).Network.Logits.Forward(files.Floats("pixels"), logits);
        Assert.InRange(logits.Zip(expected, (ours, theirs) => Math.Abs(ours - theirs)).Max(), 0, 1e-4f);
    }

    [Theory]
    [InlineData("whole.pt", "the pickle asks for torch.nn.modules.container.Sequential", "torch.save(model.state_dict()")]
    [InlineData("script.pt", "this is TorchScript", "torch.save(model.state_dict()")]
    [InlineData("old.pt", "a PyTorch file of the form before version 1.6", "torch.save(torch.load(")]
    [InlineData("convolution.pt", "'0.weight' has the shape [4,1,3,3]: convolutions", "only dense layers")]
    [InlineData("lstm.pt", "_l0' belongs to a recurrent layer", "only dense layers")]
    [InlineData("convolution.onnx", "operator Conv", "convolutions are not supported")]
    [InlineData("scikit.joblib", "the pickle asks for sklearn.neural_network", "sum(zip(model.coefs_, model.intercepts_), ())")]
    [InlineData("packed.joblib", "this is zlib data, as joblib writes", "sum(zip(model.coefs_, model.intercepts_), ())")]
    [InlineData("scikit.pkl", "the pickle asks for sklearn.neural_network", "sum(zip(model.coefs_, model.intercepts_), ())")]
    [InlineData("changed.pkl", "the line ends of this pickle were changed", "copy the original again as binary")]
    public async Task What_is_not_read_is_named_with_the_way_out(string file, string what, string wayOut)
    {
        var (code, _, error) = await Run.MnistAsync(
            "convert", Path.Combine(files.Folder, file), Path.Combine(files.Folder, "no.safetensors"));
        Assert.Equal(1, code);
        Assert.Contains(what, error);
        Assert.Contains(wayOut, error);
    }
}
