using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MnistApi.Training;

/// <summary>
/// C += A·B over row-major float32, in tiles of 8 rows and 32 columns that stay in registers where there are 32 of 512 bits; with 16
/// of 256 it is a quarter of a tile at a time. Each element of C is summed along the depth in order, one fused multiply-add a step: so
/// its bits depend neither on the tile it is in nor on the width of the processor's vectors.
/// </summary>
internal static class MatrixProduct
{
    /// <summary>Rows of C are worked on in multiples of this.</summary>
    public const int TileRows = 8;

    /// <summary>Columns of C are worked on in multiples of this.</summary>
    public const int TileColumns = 32;

    private const int NarrowRows = 4;
    private const int NarrowColumns = 16;

    /// <summary>A number of rows with the padding that fills the last tile.</summary>
    public static int PadRows(int rows) => (rows + TileRows - 1) / TileRows * TileRows;

    /// <summary>A number of columns with the padding that fills the last tile.</summary>
    public static int PadColumns(int columns) => (columns + TileColumns - 1) / TileColumns * TileColumns;

    /// <summary>Adds the product to C. Rows and columns count the padding too.</summary>
    /// <param name="a">A: element (r, k) is at r * aRow + k * aStep, so that a transposed matrix needs no copy.</param>
    /// <param name="aRow">From one row of A to the next.</param>
    /// <param name="aStep">From one column of A to the next.</param>
    /// <param name="b">B, depth x columns.</param>
    /// <param name="bRow">From one row of B to the next.</param>
    /// <param name="c">C, rows x columns.</param>
    /// <param name="cRow">From one row of C to the next.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    public static void Add(
        ReadOnlySpan<float> a, int aRow, int aStep, ReadOnlySpan<float> b, int bRow, Span<float> c, int cRow, int rows, int columns,
        int depth)
    {
        if (rows % TileRows != 0 || columns % TileColumns != 0)
            throw new ArgumentException($"expected multiples of {TileRows} rows and {TileColumns} columns, got {rows} and {columns}");
        if (rows == 0 || columns == 0 || depth == 0)
            return;
        _ = a[(rows - 1) * aRow + (depth - 1) * aStep]; // nothing below looks at the bounds
        _ = b[(depth - 1) * bRow + columns - 1];
        _ = c[(rows - 1) * cRow + columns - 1];
        for (var column = 0; column < columns; column += TileColumns)
        {
            for (var row = 0; row < rows; row += TileRows)
            {
                AddTile(
                    ref Unsafe.Add(ref MemoryMarshal.GetReference(a), row * aRow), aRow, aStep,
                    ref Unsafe.Add(ref MemoryMarshal.GetReference(b), column), bRow,
                    ref Unsafe.Add(ref MemoryMarshal.GetReference(c), row * cRow + column), cRow, depth);
            }
        }
    }

    private static void AddTile(ref float a, nint aRow, nint aStep, ref float b, nint bRow, ref float c, nint cRow, int depth)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            AddWideTile(ref a, aRow, aStep, ref b, bRow, ref c, cRow, depth);
            return;
        }
        for (var row = 0; row < TileRows; row += NarrowRows)
        {
            for (var column = 0; column < TileColumns; column += NarrowColumns)
            {
                AddNarrowTile(ref Unsafe.Add(ref a, row * aRow), aRow, aStep, ref Unsafe.Add(ref b, column), bRow,
                    ref Unsafe.Add(ref c, row * cRow + column), cRow, depth);
            }
        }
    }

    private static void AddNarrowTile(ref float a, nint aRow, nint aStep, ref float b, nint bRow, ref float c, nint cRow, int depth)
    {
        const int Half = NarrowColumns / 2;
        Vector256<float> c00 = LoadNarrow(ref c, 0), c01 = LoadNarrow(ref c, Half);
        Vector256<float> c10 = LoadNarrow(ref c, cRow), c11 = LoadNarrow(ref c, cRow + Half);
        Vector256<float> c20 = LoadNarrow(ref c, 2 * cRow), c21 = LoadNarrow(ref c, 2 * cRow + Half);
        Vector256<float> c30 = LoadNarrow(ref c, 3 * cRow), c31 = LoadNarrow(ref c, 3 * cRow + Half);
        for (var k = 0; k < depth; k++)
        {
            Vector256<float> b0 = LoadNarrow(ref b, 0), b1 = LoadNarrow(ref b, Half);
            var factor = Vector256.Create(a);
            c00 = Vector256.FusedMultiplyAdd(factor, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(factor, b1, c01);
            factor = Vector256.Create(Unsafe.Add(ref a, aRow));
            c10 = Vector256.FusedMultiplyAdd(factor, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(factor, b1, c11);
            factor = Vector256.Create(Unsafe.Add(ref a, 2 * aRow));
            c20 = Vector256.FusedMultiplyAdd(factor, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(factor, b1, c21);
            factor = Vector256.Create(Unsafe.Add(ref a, 3 * aRow));
            c30 = Vector256.FusedMultiplyAdd(factor, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(factor, b1, c31);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }
        StoreNarrow(ref c, 0, c00, c01);
        StoreNarrow(ref c, cRow, c10, c11);
        StoreNarrow(ref c, 2 * cRow, c20, c21);
        StoreNarrow(ref c, 3 * cRow, c30, c31);
    }

    private static void AddWideTile(ref float a, nint aRow, nint aStep, ref float b, nint bRow, ref float c, nint cRow, int depth)
    {
        const int Half = TileColumns / 2;
        Vector512<float> c00 = Load(ref c, 0), c01 = Load(ref c, Half);
        Vector512<float> c10 = Load(ref c, cRow), c11 = Load(ref c, cRow + Half);
        Vector512<float> c20 = Load(ref c, 2 * cRow), c21 = Load(ref c, 2 * cRow + Half);
        Vector512<float> c30 = Load(ref c, 3 * cRow), c31 = Load(ref c, 3 * cRow + Half);
        Vector512<float> c40 = Load(ref c, 4 * cRow), c41 = Load(ref c, 4 * cRow + Half);
        Vector512<float> c50 = Load(ref c, 5 * cRow), c51 = Load(ref c, 5 * cRow + Half);
        Vector512<float> c60 = Load(ref c, 6 * cRow), c61 = Load(ref c, 6 * cRow + Half);
        Vector512<float> c70 = Load(ref c, 7 * cRow), c71 = Load(ref c, 7 * cRow + Half);
        for (var k = 0; k < depth; k++)
        {
            Vector512<float> b0 = Load(ref b, 0), b1 = Load(ref b, Half);
            var factor = Vector512.Create(a);
            c00 = Vector512.FusedMultiplyAdd(factor, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(factor, b1, c01);
            factor = Vector512.Create(Unsafe.Add(ref a, aRow));
            c10 = Vector512.FusedMultiplyAdd(factor, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(factor, b1, c11);
            factor = Vector512.Create(Unsafe.Add(ref a, 2 * aRow));
            c20 = Vector512.FusedMultiplyAdd(factor, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(factor, b1, c21);
            factor = Vector512.Create(Unsafe.Add(ref a, 3 * aRow));
            c30 = Vector512.FusedMultiplyAdd(factor, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(factor, b1, c31);
            factor = Vector512.Create(Unsafe.Add(ref a, 4 * aRow));
            c40 = Vector512.FusedMultiplyAdd(factor, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(factor, b1, c41);
            factor = Vector512.Create(Unsafe.Add(ref a, 5 * aRow));
            c50 = Vector512.FusedMultiplyAdd(factor, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(factor, b1, c51);
            factor = Vector512.Create(Unsafe.Add(ref a, 6 * aRow));
            c60 = Vector512.FusedMultiplyAdd(factor, b0, c60);
            c61 = Vector512.FusedMultiplyAdd(factor, b1, c61);
            factor = Vector512.Create(Unsafe.Add(ref a, 7 * aRow));
            c70 = Vector512.FusedMultiplyAdd(factor, b0, c70);
            c71 = Vector512.FusedMultiplyAdd(factor, b1, c71);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }
        Store(ref c, 0, c00, c01);
        Store(ref c, cRow, c10, c11);
        Store(ref c, 2 * cRow, c20, c21);
        Store(ref c, 3 * cRow, c30, c31);
        Store(ref c, 4 * cRow, c40, c41);
        Store(ref c, 5 * cRow, c50, c51);
        Store(ref c, 6 * cRow, c60, c61);
        Store(ref c, 7 * cRow, c70, c71);
    }

    private static Vector512<float> Load(ref float from, nint at) => Vector512.LoadUnsafe(ref Unsafe.Add(ref from, at));

    private static void Store(ref float to, nint at, Vector512<float> left, Vector512<float> right)
    {
        left.StoreUnsafe(ref Unsafe.Add(ref to, at));
        right.StoreUnsafe(ref Unsafe.Add(ref to, at + TileColumns / 2));
    }

    private static Vector256<float> LoadNarrow(ref float from, nint at) => Vector256.LoadUnsafe(ref Unsafe.Add(ref from, at));

    private static void StoreNarrow(ref float to, nint at, Vector256<float> left, Vector256<float> right)
    {
        left.StoreUnsafe(ref Unsafe.Add(ref to, at));
        right.StoreUnsafe(ref Unsafe.Add(ref to, at + NarrowColumns / 2));
    }
}
