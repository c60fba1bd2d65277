using MnistApi.Inference.Datasets;
using Xunit;

namespace MnistApi.TestData;

/// <summary>MNIST for tests: from MNIST_DATA, the cache or the mirrors. Where it cannot be
/// had a test is skipped, or fails if MNIST_REQUIRED=1.</summary>
public static class Mnist
{
    private static readonly Lazy<Task<MnistSet>> s_test = new(() => LoadAsync(MnistSplit.Test));
    private static readonly Lazy<Task<MnistSet>> s_train = new(() => LoadAsync(MnistSplit.Train));

    /// <summary>Whether missing data fails a test instead of skipping it.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("MNIST_REQUIRED") == "1";

    /// <summary>The folder named by MNIST_DATA, if any.</summary>
    public static string? Folder =>
        Environment.GetEnvironmentVariable(MnistSource.EnvironmentVariable) is { Length: > 0 } folder ? folder : null;

    public static Task<MnistSet> TestAsync() => s_test.Value.OrSkip();

    public static Task<MnistSet> TrainAsync() => s_train.Value.OrSkip();

    private static Task<MnistSet> LoadAsync(MnistSplit split) => new MnistSource(Folder, download: true).LoadAsync(split);

    internal static async Task<T> OrSkip<T>(this Task<T> load)
    {
        try
        {
            return await load;
        }
        catch (DatasetUnavailableException error) when (!IsRequired)
        {
            Assert.Skip(error.Message);
            throw;
        }
    }
}
