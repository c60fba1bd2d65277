using System.Numerics.Tensors;

namespace MnistApi.Training;

/// <summary>
/// The units of a convolutional layer (LeCun and others 1989): <see cref="Units"/> of them at every second row and column of a square of channels. Each sees
/// the 5x5 places around it, with nothing beyond the square's edges, and those of equal number share their weights. A square's numbers go by row, column, channel.
/// </summary>
/// <param name="Side">Rows and columns of the square.</param>
/// <param name="Channels">Numbers at each of its places.</param>
internal sealed record Convolution(int Side, int Channels)
{
    /// <summary>Units at a place: a tile's columns, so that places follow each other in memory as a product's rows do.</summary>
    public const int Units = MatrixProduct.TileColumns;

    private const int Window = 5;
    private const int Step = 2;

    /// <summary>Rows and columns of the square that the units make.</summary>
    public int UnitSide => (Side + Step - 1) / Step;

    /// <summary>Numbers that a unit sees.</summary>
    public int Inputs => Window * Window * Channels;

    /// <summary>Lays out what the units see: a row a place, with 1 for the bias after the last input, and then zeros; one more row of zeros at the end, beside the next layer's bias.</summary>
    /// <param name="square">Side x Side x Channels.</param>
    /// <param name="first">The first input to lay out.</param>
    /// <param name="patches">Receives UnitSide² + 1 rows.</param>
    /// <param name="count">Numbers a row.</param>
    public void Gather(ReadOnlySpan<float> square, int first, Span<float> patches, int count)
    {
        patches.Clear();
        var (firstRow, lastRow) = (first / (Window * Channels), Math.Min((first + count - 1) / (Window * Channels), Window - 1));
        for (var place = 0; place < UnitSide * UnitSide; place++)
        {
            var patch = patches.Slice(place * count, count);
            for (var row = firstRow; row <= lastRow; row++)
            {
                var (at, input, length) = Overlap(place, row, first, count);
                if (length > 0)
                    square.Slice(at, length).CopyTo(patch[(input - first)..]);
            }
            if (first <= Inputs && Inputs < first + count)
                patch[Inputs - first] = 1;
        }
    }

    /// <summary>Adds to each place of the square what lies for it in the patches that it is in: the way back of <see cref="Gather"/>.</summary>
    /// <param name="patches">Rows of <see cref="Inputs"/> numbers.</param>
    /// <param name="square">Side x Side x Channels.</param>
    public void Scatter(ReadOnlySpan<float> patches, Span<float> square)
    {
        for (var place = 0; place < UnitSide * UnitSide; place++)
        {
            var patch = patches.Slice(place * Inputs, Inputs);
            for (var row = 0; row < Window; row++)
            {
                var (at, input, length) = Overlap(place, row, 0, Inputs);
                if (length > 0)
                    TensorPrimitives.Add(square.Slice(at, length), patch.Slice(input, length), square.Slice(at, length));
            }
        }
    }

    /// <summary>Where one row of a window lies on the square, of the inputs from <paramref name="first"/> on: the place in the square, the input there, how many follow.</summary>
    private (int At, int Input, int Length) Overlap(int place, int row, int first, int count)
    {
        var (y, x) = Math.DivRem(place, UnitSide);
        var (top, left) = (y * Step - Window / 2 + row, x * Step - Window / 2);
        if (top < 0 || top >= Side)
            return (0, 0, 0);
        var begin = row * Window * Channels;
        var from = Math.Max(first, begin + Math.Max(0, -left) * Channels);
        var to = Math.Min(first + count, begin + Math.Min(Window, Side - left) * Channels);
        return ((top * Side + left) * Channels + from - begin, from, to - from);
    }
}
