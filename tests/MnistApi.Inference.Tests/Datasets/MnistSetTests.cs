using MnistApi.Inference.Datasets;

namespace MnistApi.Inference.Tests.Datasets;

public sealed class MnistSetTests
{
    private static readonly MnistSet s_set = new(
        new IdxArray([2, 28, 28], Enumerable.Range(0, 2 * 784).Select(i => (byte)i).ToArray()), new IdxArray([2], new byte[] { 3, 9 }));

    [Fact]
    public void Pixels_come_as_bytes_normalised_flat_and_square()
    {
        Assert.Equal(5, s_set.Image(0)[5]);
        Assert.Equal((784 + 5) % 256, s_set.Image(1)[5]);
        Assert.Equal(255 / 255f, s_set.ToNormalized()[255]);
        Assert.Equal(51 / 255f, s_set.ToNormalized()[51]);
        var grid = s_set.ToGrid(1);
        Assert.Equal((28, 28), (grid.GetLength(0), grid.GetLength(1)));
        Assert.Equal(s_set.Image(1)[28 + 2], grid[1, 2]);
    }

    [Fact]
    public void Labels_come_as_classes_and_one_hot()
    {
        Assert.Equal([3, 9], s_set.Labels.ToArray());
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], s_set.ToOneHot());
    }

    [Fact]
    public void Images_must_be_28x28() => Refused("expected images of 28x28, got 1x28x27", [1, 28, 27], [0]);

    [Fact]
    public void Every_image_has_a_label() => Refused("expected 2 labels, one an image, got 1", [2, 28, 28], [0]);

    [Fact]
    public void A_label_is_a_digit() => Refused("expected labels from 0 to 9, got 10 at 1", [2, 28, 28], [0, 10]);

    [Fact]
    public void Confusion_gives_precision_recall_and_f1()
    {
        var confusion = new ConfusionMatrix();
        confusion.Add(1, 1);
        confusion.Add(1, 1);
        confusion.Add(1, 7);
        confusion.Add(7, 1);
        Assert.Equal((2, 4, 0.5), (confusion.Correct, confusion.Total, confusion.Accuracy));
        Assert.Equal(new ClassScores(1, 2 / 3.0, 2 / 3.0, 2 / 3.0, 3), confusion.Scores(1));
        Assert.Equal(new ClassScores(7, 0, 0, 0, 1), confusion.Scores(7));
        Assert.Equal(new ClassScores(0, 0, 0, 0, 0), confusion.Scores(0));
        Assert.Equal(1, confusion.ToRows()[1][7]);
    }

    private static void Refused(string message, int[] shape, byte[] labels) =>
        Assert.Equal(message, Assert.Throws<IdxFormatException>(() => new MnistSet(
            new IdxArray(shape, new byte[shape.Aggregate(1, (a, b) => a * b)]), new IdxArray([labels.Length], labels))).Message);
}
