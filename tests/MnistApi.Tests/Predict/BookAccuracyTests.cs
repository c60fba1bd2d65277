using MnistApi.Imaging;
using MnistApi.TestData;

namespace MnistApi.Tests.Predict;

/// <summary>The chapter's result through the HTTP face: 9,352 of the 10,000 test digits.</summary>
public sealed class BookAccuracyTests(BookService book) : IClassFixture<BookService>
{
    private const int Right = 9352;

    [Fact]
    public async Task As_10000_png_uploads()
    {
        var client = await book.ClientAsync();
        var set = await Mnist.TestAsync();
        var right = 0;
        for (var i = 0; i < set.Count; i++)
        {
            var answer = await client.PostAsync("image/png", PngEncoding.Encode(set.Image(i), 28, 28)).PredictionsAsync();
            right += answer.Predictions[0].Digit == set.Labels.Span[i] ? 1 : 0;
        }
        Assert.Equal(Right, right);
    }

    [Fact]
    public async Task As_raw_bytes_in_batches_of_1000()
    {
        var client = await book.ClientAsync();
        var set = await Mnist.TestAsync();
        var right = 0;
        for (var first = 0; first < set.Count; first += 1000)
        {
            var answer = await client.PostAsync("application/octet-stream", set.Pixels.Slice(first * 784, 784 * 1000).ToArray())
                .PredictionsAsync();
            right += Enumerable.Range(0, 1000).Count(i => answer.Predictions[i].Digit == set.Labels.Span[first + i]);
        }
        Assert.Equal(Right, right);
    }
}
