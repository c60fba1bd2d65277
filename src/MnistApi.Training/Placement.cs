using MnistApi.Inference;

namespace MnistApi.Training;

/// <summary>
/// A little of where and how large a digit stands. The recipe puts every digit into the same place at the same size, and a network that
/// never sees another learns the place with the digit.
/// </summary>
internal sealed class Placement
{
    private const float Scale = 0.1f;
    private const float Shift = 1.1f; // pixels
    private const float Centre = (MnistImage.Width - 1) / 2f;

    private readonly float[] _source = new float[MnistImage.Pixels];
    private readonly int[] _columns = new int[MnistImage.Width];
    private readonly float[] _shares = new float[MnistImage.Width];

    /// <summary>Moves, narrows or widens a picture of 784 numbers in place, bilinear; background comes in from outside.</summary>
    public void Apply(Span<float> picture, float strength, ref RandomStream random)
    {
        var (scaleX, scaleY) = (1 + random.Within(Scale * strength), 1 + random.Within(Scale * strength));
        var (shiftX, shiftY) = (random.Within(Shift * strength), random.Within(Shift * strength));
        picture.CopyTo(_source);
        for (var x = 0; x < MnistImage.Width; x++)
            (_columns[x], _shares[x]) = Look(x, scaleX, shiftX);
        for (var y = 0; y < MnistImage.Height; y++)
        {
            var (row, share) = Look(y, scaleY, shiftY);
            ReadOnlySpan<float> upper = Row(row), lower = Row(row + 1);
            for (var x = 0; x < MnistImage.Width; x++)
                picture[y * MnistImage.Width + x] = Blend(upper, x) * (1 - share) + Blend(lower, x) * share;
        }
    }

    /// <summary>Where a row or column of the result looks in the source: the one before, and how far beyond it.</summary>
    private static (int Before, float Share) Look(int to, float scale, float shift)
    {
        var from = Centre + (to - Centre) * scale + shift;
        var before = MathF.Floor(from);
        return ((int)before, from - before);
    }

    private ReadOnlySpan<float> Row(int y) =>
        (uint)y < MnistImage.Height ? _source.AsSpan(y * MnistImage.Width, MnistImage.Width) : default;

    private float Blend(ReadOnlySpan<float> row, int x)
    {
        if (row.IsEmpty)
            return 0;
        var column = _columns[x];
        var left = (uint)column < MnistImage.Width ? row[column] : 0;
        var right = (uint)(column + 1) < MnistImage.Width ? row[column + 1] : 0;
        return left * (1 - _shares[x]) + right * _shares[x];
    }
}
