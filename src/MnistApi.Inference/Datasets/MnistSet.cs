namespace MnistApi.Inference.Datasets;

/// <summary>Which half of MNIST.</summary>
public enum MnistSplit
{
    /// <summary>The 10,000 test images.</summary>
    Test,

    /// <summary>The 60,000 training images.</summary>
    Train,
}

/// <summary>
/// Pictures and their digits. The pixels are bytes, 0 background to 255 ink; the To... methods give the other
/// forms that the chapter's load_mnist offers: normalised (0..1), as 28 x 28, and one-hot.
/// </summary>
public sealed class MnistSet
{
    /// <summary>Joins an image file and a label file.</summary>
    /// <exception cref="IdxFormatException">The pictures are not 28 x 28, the counts differ, or a label is no digit.</exception>
    public MnistSet(IdxArray images, IdxArray labels)
    {
        if (images.Dimensions.Count != 3 || images.Dimensions[1] != MnistImage.Height || images.Dimensions[2] != MnistImage.Width)
        {
            throw new IdxFormatException(
                $"expected images of {MnistImage.Height}x{MnistImage.Width}, got {string.Join('x', images.Dimensions)}");
        }
        if (labels.Dimensions.Count != 1 || labels.Dimensions[0] != images.Dimensions[0])
        {
            throw new IdxFormatException(
                $"expected {images.Dimensions[0]} labels, one an image, got {string.Join('x', labels.Dimensions)}");
        }
        var stray = labels.Bytes.Span.IndexOfAnyExceptInRange((byte)0, (byte)(MnistImage.Classes - 1));
        if (stray >= 0)
            throw new IdxFormatException($"expected labels from 0 to {MnistImage.Classes - 1}, got {labels.Bytes.Span[stray]} at {stray}");
        Pixels = images.Bytes;
        Labels = labels.Bytes;
    }

    /// <summary>Number of pictures.</summary>
    public int Count => Labels.Length;

    /// <summary>All pictures, 784 bytes each, row by row.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>The digit in each picture, 0 to 9.</summary>
    public ReadOnlyMemory<byte> Labels { get; }

    /// <summary>One picture's 784 bytes.</summary>
    public ReadOnlySpan<byte> Image(int index) => Pixels.Span.Slice(index * MnistImage.Pixels, MnistImage.Pixels);

    /// <summary>All pictures normalised to 0..1 (byte / 255), flat: Count x 784 numbers.</summary>
    public float[] ToNormalized()
    {
        var source = Pixels.Span;
        var normalized = new float[source.Length];
        for (var i = 0; i < normalized.Length; i++)
            normalized[i] = source[i] / (float)MnistImage.FullInk;
        return normalized;
    }

    /// <summary>One picture as rows and columns of bytes, 28 x 28.</summary>
    public byte[,] ToGrid(int index)
    {
        var image = Image(index);
        var grid = new byte[MnistImage.Height, MnistImage.Width];
        for (var i = 0; i < image.Length; i++)
            grid[i / MnistImage.Width, i % MnistImage.Width] = image[i];
        return grid;
    }

    /// <summary>The labels as Count x 10 numbers: 1 at the digit, 0 elsewhere.</summary>
    public float[] ToOneHot()
    {
        var oneHot = new float[Count * MnistImage.Classes];
        for (var i = 0; i < Count; i++)
            oneHot[i * MnistImage.Classes + Labels.Span[i]] = 1;
        return oneHot;
    }
}
