using MnistApi.Inference.Datasets;

namespace MnistApi.Inference.Tests;

public sealed class EvaluationTests
{
    private static readonly Network s_network = RandomNetwork.Make(784, 5, 10);

    private static readonly MnistSet s_set = new(
        new IdxArray([25, 28, 28], RandomNetwork.Picture(25, 784, 0.2)),
        new IdxArray([25], Enumerable.Range(0, 25).Select(i => (byte)(i % 10)).ToArray()));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(25)]
    [InlineData(1000)]
    public void Every_picture_counts_once_whatever_the_batch(int batch)
    {
        var progress = new List<int>();
        var evaluation =
            Evaluation.Run(s_network, s_set, batch, new Reports(progress), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(25, evaluation.Confusion.Total);
        var other = Evaluation.Run(s_network, s_set, 3, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(other.Confusion.ToRows(), evaluation.Confusion.ToRows());
        Assert.Equal(25, progress[^1]);
        Assert.True(evaluation.ImagesPerSecond > 0);
    }

    [Fact]
    public void Answers_are_kept_for_whoever_asks()
    {
        var answers = new byte[25];
        var evaluation = Evaluation.Run(s_network, s_set, 4, answers: answers, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(evaluation.Confusion.Correct, answers.Where((answer, i) => answer == s_set.Labels.Span[i]).Count());
        Assert.Throws<ArgumentException>(
            () => Evaluation.Run(s_network, s_set, 4, answers: new byte[24], cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void It_stops_when_asked() => Assert.Throws<OperationCanceledException>(
        () => Evaluation.Run(s_network, s_set, 5, cancellation: new CancellationToken(canceled: true)));

    [Fact]
    public void A_batch_has_at_least_one_picture() => Assert.Throws<ArgumentOutOfRangeException>(
        () => Evaluation.Run(s_network, s_set, 0, cancellation: TestContext.Current.CancellationToken));

    private sealed class Reports(List<int> list) : IProgress<int>
    {
        public void Report(int value) => list.Add(value);
    }
}
