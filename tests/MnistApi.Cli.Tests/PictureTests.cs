using MnistApi.Imaging;
using MnistApi.TestData;

namespace MnistApi.Cli.Tests;

/// <summary>What the command reads pictures as: JPEG as PNG, a digit or a number.</summary>
public sealed class PictureTests : IDisposable
{
    private static readonly string s_weights = Path.Combine(AppContext.BaseDirectory, "Weights", "mnist-784-50-100-10.safetensors");
    private static readonly string s_jpeg = Clone.PathOf("tests", "MnistApi.TestData", "seven-progressive.jpg");
    private static readonly string s_raw = Clone.PathOf("tests", "MnistApi.TestData", "seven.raw");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mnist-pictures");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Predict_reads_a_jpeg()
    {
        var (code, output, _) = await Run.MnistAsync("predict", s_weights, s_jpeg);
        Assert.Equal(0, code);
        Assert.Matches(@"^seven-progressive.jpg: 7 \([01]\.\d{4}\)\r?\n$", output);
    }

    [Fact]
    public async Task Evaluate_takes_jpegs_beside_pngs()
    {
        var sevens = _folder.CreateSubdirectory("7");
        foreach (var name in new[] { "1.jpg", "2.jpeg", "3.JPG" })
            File.Copy(s_jpeg, Path.Combine(sevens.FullName, name));
        File.Copy(Clone.PathOf("tests", "MnistApi.TestData", "seven.png"), Path.Combine(sevens.FullName, "4.png"));
        File.Copy(s_raw, Path.Combine(sevens.FullName, "5.raw"));
        var (code, output, error) = await Run.MnistAsync("evaluate", s_weights, "--images", _folder.FullName);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("accuracy 1.0000 (4 of 4), 0 refused", output);
    }

    [Fact]
    public async Task A_number_is_read_where_one_is_expected()
    {
        var picture = Path.Combine(_folder.FullName, "three.png");
        await File.WriteAllBytesAsync(picture, Sevens(3), TestContext.Current.CancellationToken);
        var (code, output, _) = await Run.MnistAsync("predict", s_weights, picture, s_jpeg, "--expect", "number");
        Assert.Equal(0, code);
        Assert.Matches(@"^three.png: 777 \([01]\.\d{4}\)\r?\nseven-progressive.jpg: 7 \([01]\.\d{4}\)\r?\n$", output);

        (code, output, var error) = await Run.MnistAsync("predict", s_weights, picture);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"mnist: {picture}: the picture has several digits: expected one, got 3: ", error);
    }

    [Fact]
    public async Task Another_expectation_is_a_wrong_argument()
    {
        var (code, _, error) = await Run.MnistAsync("predict", s_weights, s_jpeg, "--expect", "letters");
        Assert.NotEqual(0, code);
        Assert.Contains("letters", error);
    }

    /// <summary>The seven so many times in a line, twice as large, dark on light.</summary>
    private static byte[] Sevens(int count)
    {
        const int Step = 60, Height = 96, Margin = 20;
        var seven = File.ReadAllBytes(s_raw);
        var width = 2 * Margin + count * Step;
        var pixels = new byte[width * Height];
        Array.Fill(pixels, (byte)255);
        for (var i = 0; i < count * 56 * 56; i++)
        {
            var (digit, row, column) = (i / (56 * 56), i / 56 % 56, i % 56);
            pixels[(Margin + row) * width + Margin + digit * Step + column] = (byte)(255 - seven[row / 2 * 28 + column / 2]);
        }
        return PngEncoding.Encode(pixels, width, Height);
    }
}
