using System.Net;
using System.Security.Cryptography;
using MnistApi.Inference.Datasets;
using MnistApi.TestData;

namespace MnistApi.Inference.Tests.Datasets;

public sealed class MnistSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mnist");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_is_found_with_and_without_gz(bool gz)
    {
        var name = MnistFile.TestLabels.Name + (gz ? ".gz" : "");
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, name), [0], TestContext.Current.CancellationToken);
        Assert.EndsWith(name, await Source(download: false)
            .LocateAsync(MnistFile.TestLabels, cancellation: TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("t10k-labels.idx1-ubyte")]
    [InlineData("t10k-labels.idx1-ubyte.gz")]
    [InlineData("MNIST/raw/t10k-labels-idx1-ubyte")]
    [InlineData("raw/t10k-labels-idx1-ubyte.gz")]
    public async Task A_file_is_found_under_its_other_names_and_where_torchvision_puts_it(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, [0], TestContext.Current.CancellationToken);
        Assert.Equal(path, await Source(download: false)
            .LocateAsync(MnistFile.TestLabels, cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_place_that_is_no_folder_is_named()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllBytesAsync(file, [0], TestContext.Current.CancellationToken);
        await LooksAsync(file, "(a file; the folder that it lies in was expected)");
        await LooksAsync(Path.Combine(_folder.FullName, "none"), "(there is no such folder)");
    }

    private static async Task LooksAsync(string folder, string why)
    {
        var error = await Assert.ThrowsAsync<DatasetUnavailableException>(
            () => new MnistSource(folder, download: false).LocateAsync(Missing, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains($"{folder} {why}", error.Message);
    }

    [Fact]
    public async Task Without_data_and_download_the_error_says_where_it_looked()
    {
        var error = await Assert.ThrowsAsync<DatasetUnavailableException>(
            () => Source(download: false).LocateAsync(Missing, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains(_folder.FullName, error.Message);
        Assert.Contains(MnistSource.CacheFolder, error.Message);
        Assert.EndsWith("and downloading is turned off", error.Message);
    }

    [Fact]
    public async Task A_download_is_unpacked_checked_and_kept()
    {
        byte[] content = [1, 2, 3];
        var file = new MnistFile("small", Convert.ToHexStringLower(SHA256.HashData(content)), 1);
        using var mirror = new Mirror(_ => new ByteArrayContent(IdxReaderTests.Gzip(content)));
        var reports = new List<DownloadProgress>();
        var path = await Source(download: true, mirror).LocateAsync(file, new Reports(reports), TestContext.Current.CancellationToken);
        Assert.Equal(content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Single(_folder.GetFiles());
        Assert.NotEmpty(reports);
        Assert.Equal(1, mirror.Requests);
    }

    [Fact]
    public async Task The_second_mirror_is_asked_when_the_first_one_lies()
    {
        byte[] content = [1, 2, 3];
        var file = new MnistFile("small", Convert.ToHexStringLower(SHA256.HashData(content)), 1);
        using var mirror = new Mirror(request => new ByteArrayContent(request == 1 ? [9] : content));
        await Source(download: true, mirror).LocateAsync(file, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(2, mirror.Requests);
    }

    [Fact]
    public async Task When_all_mirrors_fail_the_error_names_each_and_nothing_is_left()
    {
        using var mirror = new Mirror(_ => new ByteArrayContent([9]));
        var error = await Assert.ThrowsAsync<DatasetUnavailableException>(
            () => Source(download: true, mirror).LocateAsync(Missing, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("ossci-datasets", error.Message);
        Assert.Contains("cvdf-datasets", error.Message);
        Assert.Contains("expected unpacked bytes with SHA-256", error.Message);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task Ensuring_replaces_a_damaged_file()
    {
        byte[] content = [1, 2, 3];
        var file = new MnistFile("small", Convert.ToHexStringLower(SHA256.HashData(content)), 1);
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, "small"), [9, 9], TestContext.Current.CancellationToken);
        using var mirror = new Mirror(_ => new ByteArrayContent(content));
        var path = await Source(download: true, mirror).EnsureAsync(file, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(path, await Source(download: false).EnsureAsync(file, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(1, mirror.Requests);
    }

    [Fact]
    public async Task A_damaged_file_is_named()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, MnistFile.TestImages.Name), [1, 2, 3, 4],
            TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, MnistFile.TestLabels.Name), [0],
            TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<IdxFormatException>(
            () => Source(download: false).LoadAsync(MnistSplit.Test, cancellation: TestContext.Current.CancellationToken));
        Assert.StartsWith(Path.Combine(_folder.FullName, MnistFile.TestImages.Name), error.Message);
    }

    [Fact]
    public async Task Mnist_itself_is_what_it_should_be()
    {
        var test = await Mnist.TestAsync();
        Assert.Equal(10_000, test.Count);
        Assert.Equal(7, test.Labels.Span[0]);
        Assert.Equal(MnistFile.TestImages.Sha256, await Sha256OfAsync(MnistFile.TestImages));
        var train = await Mnist.TrainAsync();
        Assert.Equal(60_000, train.Count);
        Assert.Equal(5, train.Labels.Span[0]);
    }

    private static async Task<string> Sha256OfAsync(MnistFile file)
    {
        var path = await new MnistSource(Mnist.Folder, download: false).LocateAsync(file);
        return Convert.ToHexStringLower(SHA256.HashData(IdxReader.Unpack(await File.ReadAllBytesAsync(path)).Span));
    }

    private static MnistFile Missing => new("no-such-file", new string('0', 64), 1);

    private MnistSource Source(bool download, Mirror? mirror = null) =>
        new(_folder.FullName, download, mirror is null ? null : () => new HttpClient(mirror, disposeHandler: false));

    private sealed class Reports(List<DownloadProgress> list) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => list.Add(value);
    }

    private sealed class Mirror(Func<int, HttpContent> content) : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content(++Requests) });
    }
}
