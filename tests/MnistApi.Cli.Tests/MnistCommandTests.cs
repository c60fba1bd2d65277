using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MnistApi.Imaging;
using MnistApi.Inference.Weights;
using MnistApi.TestData;

namespace MnistApi.Cli.Tests;

/// <summary>The executable's verbs, end to end, with their exit codes.</summary>
public sealed class MnistCommandTests : IDisposable
{
    private static readonly string s_shippedWeights = Path.Combine(AppContext.BaseDirectory, "Weights", "mnist-784-50-100-10.safetensors");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mnist-cli");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task The_books_weights_recognise_9352_of_10000(int batch)
    {
        await Mnist.TestAsync();
        var weights = await ConvertBookAsync();
        var (code, output, _) = await Run.MnistAsync("evaluate", weights, "--batch", $"{batch}");
        Assert.Equal(0, code);
        Assert.StartsWith($"accuracy 0.9352 (9352 of 10000), batch {batch}, ", output);
    }

    [Fact]
    public async Task Convert_says_what_it_compared_and_inspect_shows_it()
    {
        var weights = await ConvertBookAsync();
        var (code, output, _) = await Run.MnistAsync("inspect", weights);
        Assert.Equal(0, code);
        Assert.Contains("architecture  784-50-100-10", output);
        Assert.Contains("parameters    45360", output);
        Assert.Contains("layer 1       W1 [784,50]  b1 [50]  sigmoid", output);
        Assert.Contains("layer 3       W3 [100,10]  b3 [10]  softmax", output);
        Assert.Contains("source_sha256 b7f55a27988ba34c3777b0f1bbd464817c8a4db855723e6ff26f703501917a13", output);
        Assert.Contains("name          book", output);
    }

    [Fact]
    public async Task A_key_comes_with_its_hash_and_is_another_each_time()
    {
        var keys = new HashSet<string>();
        for (var i = 0; i < 2; i++)
        {
            var (code, output, _) = await Run.MnistAsync("key", "alice");
            Assert.Equal(0, code);
            var key = output.Split('\n')[0]["key     ".Length..].Trim();
            Assert.Matches("^mnist_[A-Za-z0-9_-]{43}$", key);
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
            Assert.Contains($"sha256  {hash}", output);
            Assert.Contains($"{{\"Access\":{{\"Keys\":[{{\"Name\":\"alice\",\"Sha256\":\"{hash}\"}}]}}}}", output);
            keys.Add(key);
        }
        Assert.Equal(2, keys.Count);
    }

    [Fact]
    public async Task Folders_of_pictures_are_counted_by_digit_and_the_misses_drawn()
    {
        var seven = await File.ReadAllBytesAsync(
            Path.Combine(AppContext.BaseDirectory, "seven.png"), TestContext.Current.CancellationToken);
        await PutAsync("7", "right.png", seven);
        await PutAsync("1", "wrong.png", seven);
        await PutAsync("3", "blank.png", PngEncoding.Encode(new byte[784], 28, 28));
        var sheet = Path.Combine(_folder.FullName, "misses.png");
        var (code, output, error) = await Run.MnistAsync("evaluate", s_shippedWeights, "--images", _folder.FullName, "--misses", sheet);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("accuracy 0.3333 (1 of 3), 1 refused", output);
        Assert.Contains("expected calibration error", output);
        Assert.Contains($"refused: {Path.Combine(_folder.FullName, "3", "blank.png")}: ", output);
        Assert.Contains("misses.png: 2 misses", output);
        Assert.True((await File.ReadAllBytesAsync(sheet, TestContext.Current.CancellationToken)).AsSpan(1).StartsWith("PNG"u8));
    }

    [Fact]
    public async Task Of_a_folder_of_sets_each_has_a_line_and_all_are_counted_together()
    {
        var seven = await File.ReadAllBytesAsync(
            Path.Combine(AppContext.BaseDirectory, "seven.png"), TestContext.Current.CancellationToken);
        await PutAsync(Path.Combine("tidy", "7"), "right.png", seven);
        await PutAsync(Path.Combine("mixed", "7"), "right.png", seven);
        await PutAsync(Path.Combine("mixed", "1"), "wrong.png", seven);
        await PutAsync(Path.Combine("mixed", "3"), "blank.png", PngEncoding.Encode(new byte[784], 28, 28));
        var (code, output, error) = await Run.MnistAsync("evaluate", s_shippedWeights, "--images", _folder.FullName);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(
        [
            "set    pictures  accuracy  refused",
            "mixed         3    0.3333        1",
            "tidy          1    1.0000        0",
            "",
            "accuracy 0.5000 (2 of 4), 1 refused",
        ], output.ReplaceLineEndings("\n").Split('\n')[..5]);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_read_is_one_line_and_the_others_are_read()
    {
        var seven = Path.Combine(AppContext.BaseDirectory, "seven.png");
        var text = Path.Combine(_folder.FullName, "7", "text.png");
        await PutAsync("7", "right.png", await File.ReadAllBytesAsync(seven, TestContext.Current.CancellationToken));
        await PutAsync("7", "text.png", "no picture"u8.ToArray());
        var (code, output, error) = await Run.MnistAsync(
            "predict", s_shippedWeights, seven, text, Path.Combine(_folder.FullName, "none.png"), seven);
        Assert.Equal(1, code);
        Assert.Equal(2, output.Split("seven.png: 7 (").Length - 1);
        Assert.Equal(2, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains($"mnist: {text}: ", error);
        Assert.Contains("none.png", error);

        (code, output, error) = await Run.MnistAsync("evaluate", s_shippedWeights, "--images", _folder.FullName);
        Assert.Equal(1, code);
        Assert.StartsWith("accuracy 1.0000 (1 of 1), 0 refused", output);
        Assert.StartsWith($"mnist: {text}: ", error);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>What is given in place of a weights file, to each verb that takes one.</summary>
    [Theory]
    [InlineData("<!DOCTYPE html><html>", "an HTML page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "a pointer that git-LFS keeps")]
    [InlineData("", "an empty file")]
    [InlineData("(dp0\nS'W1'\n", "a Python pickle")]
    public async Task What_is_no_weights_file_is_named(string content, string kind)
    {
        var path = Path.Combine(_folder.FullName, "w.safetensors");
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        foreach (var verb in new[] { "inspect", "evaluate", "predict" })
        {
            var (code, _, error) = await Run.MnistAsync([verb, path, .. verb == "predict" ? ["x.png"] : Array.Empty<string>()]);
            Assert.Equal(1, code);
            Assert.StartsWith($"mnist: {path}: expected a safetensors file, but this is {kind}", error);
            Assert.EndsWith("'mnist convert' makes a weights file", error.TrimEnd());
        }
    }

    [Fact]
    public async Task Convert_measures_with_check_and_refuses_folders()
    {
        await Mnist.TestAsync();
        var result = Path.Combine(_folder.FullName, "b.safetensors");
        var (code, output, error) = await Run.MnistAsync("convert", await Book.PathAsync(), result, "--check");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("the file does not name the activations, taken: sigmoid,sigmoid,softmax", output);
        Assert.EndsWith("accuracy 0.9352 (9352 of 10000)", output.TrimEnd());
        (code, _, error) = await Run.MnistAsync("convert", _folder.FullName, result);
        Assert.Equal(1, code);
        Assert.Contains("is a folder; for TensorFlow's SavedModel: python -m tf2onnx.convert", error);
    }

    [Fact]
    public async Task A_folder_without_pictures_is_named()
    {
        var (code, _, error) = await Run.MnistAsync("evaluate", s_shippedWeights, "--images", _folder.FullName);
        Assert.Equal(1, code);
        Assert.Contains($"expected folders named 0 to 9 with .png, .jpg or .jpeg files in {_folder.FullName}, "
            + "or in folders in it, found none", error);
    }

    [Fact]
    public async Task Written_digits_are_the_same_each_time_and_read_by_the_shipped_weights()
    {
        var (first, second) = (Path.Combine(_folder.FullName, "first"), Path.Combine(_folder.FullName, "second"));
        foreach (var folder in new[] { first, second })
        {
            var (code, output, _) = await Run.MnistAsync("dataset", "write", folder, "--count", "50", "--seed", "9");
            Assert.Equal(0, code);
            Assert.Contains("500 pictures", output);
        }
        var names = Directory.GetFiles(first, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(first, path))
            .Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(500, names.Length);
        Assert.Contains(Path.Combine("9", "49.png"), names);
        foreach (var name in names)
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(first, name), TestContext.Current.CancellationToken),
                await File.ReadAllBytesAsync(Path.Combine(second, name), TestContext.Current.CancellationToken));
        }

        var (_, report, _) = await Run.MnistAsync("evaluate", s_shippedWeights, "--images", first);
        Assert.InRange(double.Parse(report.Split(' ')[1], CultureInfo.InvariantCulture), 0.95, 1);

        var (refused, _, error) = await Run.MnistAsync("dataset", "write", first);
        Assert.Equal(1, refused);
        Assert.Contains("expected a folder that is not there yet or empty", error);
    }

    private async Task PutAsync(string where, string name, byte[] png)
    {
        var folder = _folder.CreateSubdirectory(where);
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, name), png, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Converting_twice_gives_the_same_bytes()
    {
        Assert.Equal(
            await File.ReadAllBytesAsync(await ConvertBookAsync("a"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(await ConvertBookAsync("b"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_npz_in_double_precision_and_fortran_order_converts()
    {
        var path = Path.Combine(_folder.FullName, "small.npz");
        WriteNpz(path, ("W1", "(784, 3)", true, 784 * 3), ("b1", "(3,)", false, 3), ("W2", "(3, 10)", false, 30),
            ("b2", "(1, 10)", false, 10));
        var weights = Path.Combine(_folder.FullName, "small.safetensors");
        var (code, output, error) = await Run.MnistAsync("convert", path, weights, "--activations", "relu,softmax");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("784-3-10, 2395 parameters, every tensor compared", output);
        var network = WeightsFile.Load(weights).Network;
        Assert.Equal(784, network.Layers[0].Weights[1]); // column 1 of row 0 is number 784 in Fortran order
        Assert.Equal(9, network.Layers[1].Bias[9]);
    }

    [Fact]
    public async Task A_hostile_pickle_is_refused_by_name_and_nothing_is_written()
    {
        var path = Path.Combine(_folder.FullName, "evil.pkl");
        await File.WriteAllBytesAsync(path, new Pickle().Global("os", "system").Text("touch owned").Add(0x85, (byte)'R').Done(),
            TestContext.Current.CancellationToken);
        var (code, _, error) = await Run.MnistAsync("convert", path, Path.Combine(_folder.FullName, "out.safetensors"));
        Assert.Equal(1, code);
        Assert.Equal($"mnist: {path}: the pickle asks for os.system; only arrays are read, and nothing was run", error.TrimEnd());
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task A_damaged_npz_is_refused()
    {
        var path = Path.Combine(_folder.FullName, "d.npz");
        WriteNpz(path, ("W1", "(784, 10)", false, 7840), ("b1", "(10,)", false, 10));
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[5000] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        var (code, _, error) = await Run.MnistAsync(
            "convert", path, Path.Combine(_folder.FullName, "o.safetensors"), "--activations", "softmax");
        Assert.Equal(1, code);
        Assert.Matches("checksum is wrong|zip file is damaged", error);
    }

    [Theory]
    [InlineData("1e38", "the training diverged in epoch 1")]
    public async Task A_training_that_diverges_says_so(string rate, string message)
    {
        await Mnist.TrainAsync();
        var (code, _, error) = await Run.MnistAsync(
            "train", Path.Combine(_folder.FullName, "o.safetensors"), "--epochs", "1", "--teacher-epochs", "0", "--holdout", "0.9",
            "--learning-rate", rate);
        Assert.Equal(1, code);
        Assert.Contains(message, error);
    }

    [Fact]
    public async Task Training_for_a_folder_that_is_not_there_ends_before_it_begins()
    {
        var (code, _, error) = await Run.MnistAsync("train", Path.Combine(_folder.FullName, "none", "o.safetensors"));
        Assert.Equal(1, code);
        Assert.Contains("there is no folder", error);
    }

    [Theory]
    [InlineData("activations", "softmax", "expected 3 activations, one a layer, got 1: 'softmax'")]
    [InlineData("activations", "sigmoid,tanh,softmax", "expected activations among identity, step, sigmoid, relu, softmax, got 'tanh'")]
    public async Task Activations_must_fit(string option, string value, string message)
    {
        var (code, _, error) = await Run.MnistAsync(
            "convert", await Book.PathAsync(), Path.Combine(_folder.FullName, "o.safetensors"), $"--{option}", value);
        Assert.Equal(1, code);
        Assert.Contains(message, error);
    }

    [Fact]
    public async Task Predict_reads_pictures()
    {
        var set = await Mnist.TestAsync();
        var weights = await ConvertBookAsync();
        var picture = Path.Combine(_folder.FullName, "seven.png");
        await File.WriteAllBytesAsync(picture, PngEncoding.Encode(set.Image(0), 28, 28), TestContext.Current.CancellationToken);
        var (code, output, _) = await Run.MnistAsync("predict", weights, picture, picture);
        Assert.Equal(0, code);
        Assert.Matches(@"^seven.png: 7 \(0\.\d{4}\)\r?\nseven.png: 7 \(0\.\d{4}\)\r?\n$", output);
    }

    [Fact]
    public async Task Train_writes_weights_that_say_how_they_were_made()
    {
        await Mnist.TrainAsync();
        var weights = Path.Combine(_folder.FullName, "new.safetensors");
        string[] args = ["train", weights, "--epochs", "1", "--teacher", "16,20", "--teacher-epochs", "1", "--handwriting", "0.5",
            "--holdout", "0.9", "--seed", "4", "--checkpoint", weights + ".run"];
        var (code, output, error) = await Run.MnistAsync(args);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"train: 50 % teacher's epoch 1, loss \d\.\d{4}, accuracy on the pictures kept out 0\.\d{4}", output);
        Assert.Matches(@"train: 100 % epoch 1, loss \d\.\d{4}, accuracy on the pictures kept out 0\.\d{4}", output);
        var metadata = WeightsFile.Load(weights).Metadata;
        Assert.Equal(
            "mnist train --epochs 1 --learning-rate 0.006 --teacher 16,20 --teacher-epochs 1 --teacher-learning-rate 0.004 --batch 256 "
            + "--strength 1 --handwriting 0.5 --no-digits 0.02 --mixing 0.25 --seed 4 --holdout 0.9",
            metadata[WeightsFile.CreatedByKey]);
        Assert.Equal("6000", metadata["training_images"]);
        Assert.Equal(64, metadata["training_pixels_sha256"].Length);
        Assert.Equal(64, metadata["training_labels_sha256"].Length);
        Assert.Matches(@"^0\.\d{4}$", metadata["holdout_accuracy"]);
        Assert.Matches(@"^0\.\d{4}$", metadata["holdout_calibration_error"]);
        Assert.False(metadata.ContainsKey("test_accuracy"));

        var bytes = await File.ReadAllBytesAsync(weights, TestContext.Current.CancellationToken);
        (code, output, _) = await Run.MnistAsync(args); // all of it is in the checkpoint
        Assert.Equal(0, code);
        Assert.DoesNotContain("epoch", output);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(weights, TestContext.Current.CancellationToken));
        (code, _, error) = await Run.MnistAsync([.. args, "--batch", "100"]);
        Assert.Equal(1, code);
        Assert.Contains("belongs to another run", error);
    }

    [Fact]
    public async Task Fetch_finds_what_is_there()
    {
        await Mnist.TestAsync();
        await Mnist.TrainAsync();
        var (code, output, _) = Mnist.Folder is { } folder ? await Run.MnistAsync("dataset", "fetch", folder)
            : await Run.MnistAsync("dataset", "fetch");
        Assert.Equal(0, code);
        Assert.Equal(4, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("inspect", "no-such-file.safetensors")]
    [InlineData("evaluate", "no-such-file.safetensors")]
    [InlineData("convert", "no-such-file.pkl", "out.safetensors")]
    [InlineData("predict", "no-such-file.safetensors", "x.png")]
    public async Task Missing_files_are_bad_input(params string[] args)
    {
        var (code, _, error) = await Run.MnistAsync(args);
        Assert.Equal(1, code);
        Assert.Contains("no-such-file", error);
    }

    [Fact]
    public async Task A_file_of_another_kind_is_bad_input()
    {
        var path = Path.Combine(_folder.FullName, "x.safetensors");
        await File.WriteAllTextAsync(path, "hello", TestContext.Current.CancellationToken);
        var (code, _, error) = await Run.MnistAsync("inspect", path);
        Assert.Equal(1, code);
        Assert.Equal(
            $"mnist: {path}: expected a safetensors file, but this is text that begins with 'hello'; 'mnist convert' makes a weights file",
            error.TrimEnd());
        (code, _, error) = await Run.MnistAsync("convert", path, path + "2");
        Assert.Equal(1, code);
        Assert.Contains($"{path}: this is text that begins with 'hello', not weights", error);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("convert")]
    [InlineData("evaluate", "w", "--batch", "0")]
    [InlineData("evaluate", "w", "--batch", "many")]
    [InlineData("evaluate", "w", "--split", "validation")]
    [InlineData("train", "o", "--epochs", "0")]
    [InlineData("train", "o", "--holdout", "1")]
    [InlineData("train", "o", "--learning-rate", "NaN")]
    [InlineData("train", "o", "--teacher", "400,,200")]
    [InlineData("train", "o", "--teacher", "5000")]
    [InlineData("train", "o", "--teacher-epochs", "-1")]
    [InlineData("train", "o", "--handwriting", "NaN")]
    [InlineData("train", "o", "--no-digits", "2")]
    public async Task Bad_usage_is_exit_code_2(params string[] args)
    {
        var (code, _, error) = await Run.MnistAsync(args);
        Assert.Equal(2, code);
        Assert.Contains("--help", error);
    }

    [Fact]
    public async Task Help_names_every_verb()
    {
        var (code, output, _) = await Run.MnistAsync("--help");
        Assert.Equal(0, code);
        foreach (var verb in new[] { "convert", "export", "inspect", "evaluate", "predict", "train", "dataset" })
            Assert.Contains(verb, output);
    }

    private async Task<string> ConvertBookAsync(string folder = "x")
    {
        var weights = Path.Combine(_folder.CreateSubdirectory(folder).FullName, "book.safetensors");
        var (code, output, error) = await Run.MnistAsync("convert", await Book.PathAsync(), weights, "--name", "book");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("784-50-100-10, 45360 parameters, every tensor compared", output);
        return weights;
    }

    /// <summary>Arrays of doubles 0, 1, 2, ... as numpy's savez writes them.</summary>
    private static void WriteNpz(string path, params (string Name, string Shape, bool IsFortran, int Count)[] arrays)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, shape, isFortran, count) in arrays)
        {
            var header = $"{{'descr': '<f8', 'fortran_order': {(isFortran ? "True" : "False")}, 'shape': {shape}, }}".PadRight(117) + "\n";
            using var entry = zip.CreateEntry($"{name}.npy").Open();
            entry.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)header.Length, 0]);
            entry.Write(Encoding.ASCII.GetBytes(header));
            for (var i = 0; i < count; i++)
                entry.Write(BitConverter.GetBytes((double)i));
        }
    }
}
