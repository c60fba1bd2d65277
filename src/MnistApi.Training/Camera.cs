using System.Numerics.Tensors;

namespace MnistApi.Training;

/// <summary>What scanners, screens and cameras do to a digit's grey edges: blur or
/// sharpen them, and take the picture with few pixels.</summary>
internal sealed class Camera
{
    private const int Side = MnistBox.Side;
    private const float CoarseShare = 0.12f; // of the pictures
    private const int MinPixels = 12; // a side

    private readonly float[] _coarse = new float[Side * Side];
    private readonly float[] _half = new float[Side * Side];

    /// <summary>Changes a 20x20 box of numbers in 0..1 in place.</summary>
    public void Apply(Span<float> box, float strength, ref RandomStream random)
    {
        if (random.Uniform() < CoarseShare * strength)
        {
            var pixels = MinPixels + random.Below(Side - MinPixels);
            Resample(box, Side, pixels, _coarse);
            Resample(_coarse, pixels, Side, box);
        }
        if (random.Uniform() < 0.4f * strength)
            Blur(box, random.Uniform());
        if (random.Uniform() < 0.7f * strength)
        {
            // ink below the one level goes, above the other it is full
            var low = 0.35f * random.Uniform();
            var high = 1 - 0.5f * random.Uniform();
            TensorPrimitives.Subtract(box, low, box);
            TensorPrimitives.Multiply(box, 1 / (high - low), box);
            TensorPrimitives.Max(box, 0f, box);
            TensorPrimitives.Min(box, 1f, box);
        }
    }

    /// <summary>Averages a square over the areas of another number of cells.</summary>
    private void Resample(ReadOnlySpan<float> from, int size, int cells, Span<float> to)
    {
        var half = _half.AsSpan(0, cells * size);
        AverageRows(from, size, size, cells, half);
        AverageRows(half, size, cells, cells, to);
    }

    /// <summary>Averages rows over cells and writes the result transposed:
    /// <paramref name="cells"/> rows of <paramref name="rows"/>.</summary>
    private static void AverageRows(ReadOnlySpan<float> from, int size, int rows, int cells, Span<float> to)
    {
        var step = size / (float)cells;
        for (var y = 0; y < rows; y++)
        {
            for (var cell = 0; cell < cells; cell++)
            {
                float start = cell * step, end = Math.Min(size, start + step), sum = 0;
                for (var x = (int)start; x < end; x++)
                    sum += from[y * size + x] * (Math.Min(end, x + 1) - Math.Max(start, x));
                to[cell * rows + y] = sum / step;
            }
        }
    }

    /// <summary>Blends each pixel with the mean of its four neighbours.</summary>
    private void Blur(Span<float> box, float share)
    {
        box.CopyTo(_half);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var around = (x > 0 ? _half[y * Side + x - 1] : 0) + (x < Side - 1 ? _half[y * Side + x + 1] : 0)
                    + (y > 0 ? _half[(y - 1) * Side + x] : 0) + (y < Side - 1 ? _half[(y + 1) * Side + x] : 0);
                box[y * Side + x] += share * (around - 4 * _half[y * Side + x]) / 6;
            }
        }
    }
}
