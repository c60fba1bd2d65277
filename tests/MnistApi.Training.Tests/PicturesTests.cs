using MnistApi.Inference;
using MnistApi.TestData;

namespace MnistApi.Training.Tests;

/// <summary>What the network is shown: distorted digits, handwriting, and MNIST's recipe at the end of both.</summary>
public sealed class PicturesTests
{
    private readonly float[] _box = new float[MnistBox.Side * MnistBox.Side];
    private readonly float[] _picture = new float[MnistImage.Pixels];

    [Fact]
    public async Task Distortion_of_strength_zero_gives_the_picture_back()
    {
        var set = await Mnist.TestAsync();
        var (distortion, camera, same) = (new Distortion(), new Camera(), 0);
        for (var i = 0; i < 500; i++)
        {
            var random = new RandomStream(i);
            distortion.Apply(set.Image(i), 0, ref random, _box);
            camera.Apply(_box, 0, ref random);
            MnistBox.Paste(_box, _picture);
            var max = 0f;
            for (var pixel = 0; pixel < _picture.Length; pixel++)
                max = Math.Max(max, Math.Abs(_picture[pixel] - set.Image(i)[pixel] / 255f));
            same += max < 0.03f ? 1 : 0;
        }
        Assert.InRange(same, 350, 500); // the others have edges too faint to count for the box
    }

    [Fact]
    public async Task Distortion_keeps_the_ink_and_fills_the_box()
    {
        var set = await Mnist.TestAsync();
        var distortion = new Distortion();
        for (var i = 0; i < 300; i++)
        {
            var random = new RandomStream(1, i);
            distortion.Apply(set.Image(i), 1, ref random, _box);
            Assert.All(_box, pixel => Assert.InRange(pixel, 0, 1.0001f));
            Assert.InRange(_box.Sum(), 15, 280); // thick digits that were cut off at a side, and enlarged, have the most ink
            AssertFills();
        }
    }

    [Fact]
    public async Task Placement_moves_a_digit_by_no_more_than_it_says()
    {
        var set = await Mnist.TestAsync();
        var placement = new Placement();
        var moved = 0;
        for (var i = 0; i < 300; i++)
        {
            var original = set.Image(i).ToArray().Select(pixel => pixel / 255f).ToArray();
            var random = new RandomStream(5, i);
            original.CopyTo(_picture, 0);
            placement.Apply(_picture, 0, ref random);
            Assert.Equal(original, _picture);

            placement.Apply(_picture, 1, ref random);
            var (beforeX, beforeY) = CentreOfMass(original);
            var (afterX, afterY) = CentreOfMass(_picture);
            Assert.InRange(MathF.Abs(afterX - beforeX), 0, 1.6f); // 1.1 pixels, and a tenth of how far from the middle it was
            Assert.InRange(MathF.Abs(afterY - beforeY), 0, 1.6f);
            Assert.InRange(_picture.Sum() / original.Sum(), 0.75f, 1.35f);
            moved += MathF.Abs(afterX - beforeX) > 0.3f ? 1 : 0;
        }
        Assert.InRange(moved, 150, 299);
    }

    private static (float X, float Y) CentreOfMass(float[] picture)
    {
        float mass = 0, x = 0, y = 0;
        for (var i = 0; i < picture.Length; i++)
        {
            mass += picture[i];
            x += picture[i] * (i % MnistImage.Width);
            y += picture[i] * (i / MnistImage.Width);
        }
        return (x / mass, y / mass);
    }

    [Fact]
    public void Handwriting_fills_the_box_with_every_digit()
    {
        var handwriting = new Handwriting();
        for (var i = 0; i < 2000; i++)
        {
            var random = new RandomStream(2, i);
            handwriting.Digit(i % 10, ref random, _box);
            Assert.All(_box, pixel => Assert.InRange(pixel, 0, 1));
            AssertFills();
        }
    }

    [Fact]
    public void Every_digit_has_several_ways_from_top_to_bottom()
    {
        for (var digit = 0; digit < 10; digit++)
        {
            Assert.InRange(Skeletons.Of(digit).Distinct().Count(), 6, 100);
            foreach (var way in Skeletons.Of(digit))
            {
                Assert.All(way, stroke => Assert.True(stroke.Length >= 2));
                var points = way.SelectMany(stroke => stroke).ToArray();
                Assert.InRange(points.Min(point => point.Y), -5, 5);
                Assert.InRange(points.Max(point => point.Y), 95, 105);
                Assert.All(points, point => Assert.InRange(point.X, -5, 100));
            }
        }
    }

    [Fact]
    public async Task Every_picture_is_about_centred_and_the_same_whenever_it_is_drawn()
    {
        var set = await Mnist.TestAsync();
        using var pictures = new TrainingPictures(set, 400, new TrainingOptions { Handwriting = 1, NoDigits = 0.1f });
        Assert.Equal(840, pictures.Count);
        Assert.Equal(Enumerable.Range(0, 840), pictures.Order(3).Order());
        Assert.NotEqual(pictures.Order(3), pictures.Order(4));
        var (again, target, centred) = (new float[MnistImage.Pixels], new float[10], 0);
        for (var i = 0; i < pictures.Count; i++)
        {
            pictures.Draw(i, 5, _picture, target);
            pictures.Draw(i, 5, again, target);
            Assert.Equal(_picture, again);
            Assert.Equal(1, target.Sum(), 1e-6);
            Assert.Equal(i < 800 ? 1 : 0.1f, target.Max());
            if (i < 400)
                Assert.Equal(1, target[set.Labels.Span[i]]);
            var (x, y) = CentreOfMass(_picture);
            centred += x is > 12.3f and < 15.7f && y is > 12.3f and < 15.7f ? 1 : 0; // MNIST's 13.5 to 14.5, and Placement
        }
        Assert.InRange(centred, pictures.Count - 5, pictures.Count); // a lopsided one stops at the edge
    }

    /// <summary>The longer side of what counts as ink is the box's, give or take a pixel.</summary>
    private void AssertFills()
    {
        int left = 20, right = -1, top = 20, bottom = -1;
        var threshold = 0.1f * _box.Max();
        for (var i = 0; i < _box.Length; i++)
        {
            if (_box[i] <= threshold)
                continue;
            (left, right) = (Math.Min(left, i % 20), Math.Max(right, i % 20));
            (top, bottom) = (Math.Min(top, i / 20), Math.Max(bottom, i / 20));
        }
        Assert.InRange(Math.Max(right - left, bottom - top) + 1, 18, 20);
    }
}
