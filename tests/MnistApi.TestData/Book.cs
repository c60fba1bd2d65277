using System.Security.Cryptography;
using MnistApi.Inference.Datasets;

namespace MnistApi.TestData;

/// <summary>
/// The book's trained weights for tests: from MNIST_BOOK (a folder), a folder "book" beside MNIST_DATA, the cache, or
/// the book's public repository. Not ours to ship.
/// </summary>
public static class Book
{
    private const string FileName = "sample_weight.pkl";
    private const string Sha256 = "b7f55a27988ba34c3777b0f1bbd464817c8a4db855723e6ff26f703501917a13";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly Uri s_address =
        new($"https://raw.githubusercontent.com/oreilly-japan/deep-learning-from-scratch/master/ch03/{FileName}");

    private static readonly Lazy<Task<string>> s_path = new(LocateAsync);

    /// <summary>The pickle's path.</summary>
    public static Task<string> PathAsync() => s_path.Value.OrSkip();

    private static async Task<string> LocateAsync()
    {
        var places = new[]
        {
            Environment.GetEnvironmentVariable("MNIST_BOOK"),
            Mnist.Folder is { } data ? Path.Combine(data, "..", "book") : null,
            MnistSource.CacheFolder,
        };
        var candidates = places.OfType<string>().Select(place => Path.GetFullPath(Path.Combine(place, FileName))).ToArray();
        return candidates.FirstOrDefault(File.Exists) ?? await DownloadAsync(candidates);
    }

    private static async Task<string> DownloadAsync(string[] candidates)
    {
        try
        {
            using var client = new HttpClient { Timeout = s_patience };
            var bytes = await client.GetByteArrayAsync(s_address);
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != Sha256)
                throw new HttpRequestException("the checksum differs");
            Directory.CreateDirectory(MnistSource.CacheFolder);
            await File.WriteAllBytesAsync(candidates[^1], bytes);
            return candidates[^1];
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            throw new DatasetUnavailableException(
                $"the book's weights are not at {string.Join(" or ", candidates)}, and {s_address} fails: {error.Message}", error);
        }
    }
}
