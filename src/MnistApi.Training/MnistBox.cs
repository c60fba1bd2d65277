using System.Numerics.Tensors;
using MnistApi.Inference;

namespace MnistApi.Training;

/// <summary>The last steps of the recipe that made MNIST, on numbers in 0..1: a 20x20 box, stretched
/// to full ink, goes into 28x28 with its centre of mass in the middle.</summary>
internal static class MnistBox
{
    /// <summary>A digit's longer side.</summary>
    public const int Side = 20;

    /// <summary>Fainter ink does not count for a digit's box.</summary>
    public const float Threshold = 0.2f;

    /// <summary>Puts a box into a picture.</summary>
    /// <param name="box">400 numbers; scaled in place.</param>
    /// <param name="picture">Receives 784 numbers in 0..1.</param>
    public static void Paste(Span<float> box, Span<float> picture)
    {
        TensorPrimitives.Multiply(box, 1 / Math.Max(TensorPrimitives.Max<float>(box), 1e-3f), box);
        float mass = 1e-3f, sumX = 0, sumY = 0;
        for (var y = 0; y < Side; y++)
        {
            var row = box.Slice(y * Side, Side);
            var ink = 0f;
            for (var x = 0; x < Side; x++)
            {
                ink += row[x];
                sumX += row[x] * (x + 0.5f);
            }
            mass += ink;
            sumY += ink * (y + 0.5f);
        }
        const float Middle = MnistImage.Width / 2f + 1;
        var left = Math.Clamp((int)(Middle - sumX / mass), 0, MnistImage.Width - Side);
        var top = Math.Clamp((int)(Middle - sumY / mass), 0, MnistImage.Height - Side);
        picture.Clear();
        for (var y = 0; y < Side; y++)
            box.Slice(y * Side, Side).CopyTo(picture[((top + y) * MnistImage.Width + left)..]);
    }
}
