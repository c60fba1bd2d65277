namespace MnistApi.Training.Tests;

public sealed class MatrixProductTests
{
    [Fact]
    public void It_is_the_sum_of_products_for_any_depth_and_stride()
    {
        var random = new RandomStream(1);
        var sizes = from rows in new[] { 8, 16, 40 }
                    from columns in new[] { 32, 96 }
                    from depth in Enumerable.Range(0, 20)
                    select (rows, columns, depth);
        foreach (var (rows, columns, depth) in sizes)
        {
            int aRow = depth + random.Below(3), bRow = columns + random.Below(3), cRow = columns + random.Below(3);
            float[] a = Numbers(rows * aRow + 1, ref random), b = Numbers(Math.Max(depth, 1) * bRow, ref random),
                c = Numbers(rows * cRow, ref random);
            var expected = c.Select(value => (double)value).ToArray();
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    for (var k = 0; k < depth; k++)
                        expected[row * cRow + column] += (double)a[row * aRow + k] * b[k * bRow + column];
                }
            }
            MatrixProduct.Add(a, aRow, 1, b, bRow, c, cRow, rows, columns, depth);
            for (var i = 0; i < c.Length; i++)
                Assert.Equal(expected[i], c[i], 1e-4);
        }
    }

    [Fact]
    public void A_transposed_matrix_gives_the_same_bits_as_its_copy()
    {
        var random = new RandomStream(2);
        float[] a = Numbers(16 * 24, ref random), b = Numbers(24 * 32, ref random);
        var transposed = new float[a.Length];
        for (var row = 0; row < 16; row++)
        {
            for (var k = 0; k < 24; k++)
                transposed[k * 16 + row] = a[row * 24 + k];
        }
        float[] one = new float[16 * 32], other = new float[16 * 32];
        MatrixProduct.Add(a, 24, 1, b, 32, one, 32, 16, 32, 24);
        MatrixProduct.Add(transposed, 1, 16, b, 32, other, 32, 16, 32, 24);
        Assert.Equal(one, other);
    }

    [Theory]
    [InlineData(7, 32)]
    [InlineData(8, 31)]
    public void Parts_of_tiles_are_refused(int rows, int columns) =>
        Assert.Throws<ArgumentException>(
            () => MatrixProduct.Add(new float[999], 1, 1, new float[999], 32, new float[999], 32, rows, columns, 1));

    [Fact]
    public void Matrices_that_are_too_small_are_refused()
    {
        Assert.ThrowsAny<Exception>(() => MatrixProduct.Add(new float[79], 10, 1, new float[320], 32, new float[256], 32, 8, 32, 10));
        Assert.ThrowsAny<Exception>(() => MatrixProduct.Add(new float[80], 10, 1, new float[319], 32, new float[256], 32, 8, 32, 10));
        Assert.ThrowsAny<Exception>(() => MatrixProduct.Add(new float[80], 10, 1, new float[320], 32, new float[255], 32, 8, 32, 10));
    }

    private static float[] Numbers(int count, ref RandomStream random)
    {
        var numbers = new float[count];
        foreach (ref var number in numbers.AsSpan())
            number = random.Within(1);
        return numbers;
    }
}
