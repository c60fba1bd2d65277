using System.Buffers;

namespace MnistApi.Imaging;

/// <summary>Connected pieces of a plane of cells, each with its four neighbours.</summary>
internal static class Pieces
{
    public const byte Outside = 0, Inside = 255;

    /// <summary>The largest connected piece of what is so light.</summary>
    public static Plane LargestOf(Plane means, int light)
    {
        var sheet = new Plane(means.Width, means.Height);
        using var seen = new Plane(means.Width, means.Height);
        for (var i = 0; i < means.Pixels.Length; i++)
            seen.Pixels[i] = means.Pixels[i] >= light ? Outside : Inside;
        var piece = ArrayPool<int>.Shared.Rent(means.Pixels.Length);
        var largest = 0;
        for (var i = 0; i < means.Pixels.Length; i++)
        {
            var count = Fill(seen, i, piece);
            if (count <= largest)
                continue;
            largest = count;
            sheet.Pixels.Clear();
            foreach (var cell in piece.AsSpan(0, count))
                sheet.Pixels[cell] = Inside;
        }
        ArrayPool<int>.Shared.Return(piece);
        return sheet;
    }

    /// <summary>Whatever cannot be reached from the picture's border is the piece's, ink on a sheet as well.</summary>
    public static void FillHoles(Plane sheet)
    {
        using var reached = new Plane(sheet.Width, sheet.Height);
        sheet.Pixels.CopyTo(reached.Pixels);
        var piece = ArrayPool<int>.Shared.Rent(sheet.Pixels.Length);
        sheet.Pixels.Fill(Inside);
        for (var y = 0; y < sheet.Height; y++)
        {
            var isEdgeRow = y == 0 || y == sheet.Height - 1;
            for (var x = 0; x < sheet.Width; x += isEdgeRow || sheet.Width == 1 ? 1 : sheet.Width - 1)
            {
                foreach (var cell in piece.AsSpan(0, Fill(reached, y * sheet.Width + x, piece)))
                    sheet.Pixels[cell] = Outside;
            }
        }
        ArrayPool<int>.Shared.Return(piece);
    }

    /// <summary>Marks the connected cells that are 0, and lists them; returns how many there are.</summary>
    private static int Fill(Plane seen, int from, int[] piece)
    {
        if (seen.Pixels[from] != Outside)
            return 0;
        seen.Pixels[from] = Inside;
        piece[0] = from;
        var count = 1;
        for (var next = 0; next < count; next++)
        {
            var (y, x) = Math.DivRem(piece[next], seen.Width);
            if (x > 0)
                Add(piece[next] - 1, seen.Pixels);
            if (x < seen.Width - 1)
                Add(piece[next] + 1, seen.Pixels);
            if (y > 0)
                Add(piece[next] - seen.Width, seen.Pixels);
            if (y < seen.Height - 1)
                Add(piece[next] + seen.Width, seen.Pixels);
        }
        return count;

        void Add(int cell, Span<byte> pixels)
        {
            if (pixels[cell] != Outside)
                return;
            pixels[cell] = Inside;
            piece[count++] = cell;
        }
    }
}
