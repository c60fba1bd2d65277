namespace MnistApi.Imaging;

/// <summary>
/// A picture continued beyond its edges, so that a gradient does not end there: as much below the edge's level as within it is above, never more
/// than the edge's. The edge's level is taken without the strokes that reach it: they would be continued as shadows.
/// </summary>
internal static class Continuation
{
    /// <summary>The plane with so many more cells on each side.</summary>
    private static Plane Of(Plane plane, int reach)
    {
        var wider = new Plane(plane.Width + 2 * reach, plane.Height + 2 * reach);
        using var top = WithoutStrokes(plane, reach, 0, isRow: true);
        using var bottom = WithoutStrokes(plane, reach, plane.Height - 1, isRow: true);
        using var left = WithoutStrokes(plane, reach, 0, isRow: false);
        using var right = WithoutStrokes(plane, reach, plane.Width - 1, isRow: false);
        for (var y = 0; y < wider.Height; y++)
        {
            var row = wider.Row(y);
            var isWithin = y >= reach && y < reach + plane.Height;
            if (isWithin)
                plane.Row(y - reach).CopyTo(row[reach..]);
            for (var x = 0; x < row.Length; x++)
            {
                if (isWithin && x == reach)
                    x += plane.Width;
                var across = (x < reach ? left : right).Pixels[Math.Clamp(y, reach, reach + plane.Height - 1)];
                var down = (y < reach ? top : bottom).Pixels[Math.Clamp(x, reach, reach + plane.Width - 1)];
                var isBeside = x < reach || x >= reach + plane.Width;
                var edge = isWithin ? across : isBeside ? Math.Min(across, down) : down;
                row[x] = (byte)Math.Clamp(2 * edge - Mirrored(plane, x - reach, y - reach), 0, edge);
            }
        }
        return wider;
    }

    /// <summary>The closing of the plane with its continuation around it.</summary>
    public static Plane ClosingOf(Plane plane, int reach)
    {
        using var wider = Of(plane, reach);
        using var closed = Closing.Of(wider, reach);
        var within = new Plane(plane.Width, plane.Height);
        for (var y = 0; y < within.Height; y++)
            closed.Row(y + reach).Slice(reach, within.Width).CopyTo(within.Row(y));
        return within;
    }

    /// <summary>The level within that lies as far from the edge.</summary>
    private static byte Mirrored(Plane plane, int x, int y)
    {
        int edgeX = Math.Clamp(x, 0, plane.Width - 1), edgeY = Math.Clamp(y, 0, plane.Height - 1);
        return plane.Row(Math.Clamp(2 * edgeY - y, 0, plane.Height - 1))[Math.Clamp(2 * edgeX - x, 0, plane.Width - 1)];
    }

    /// <summary>One edge, closed along itself; its ends go on beyond the corners.</summary>
    private static Plane WithoutStrokes(Plane plane, int reach, int at, bool isRow)
    {
        var length = isRow ? plane.Width : plane.Height;
        using var edge = new Plane(length + 2 * reach, 1);
        for (var i = 0; i < edge.Width; i++)
        {
            var along = Math.Clamp(i - reach, 0, length - 1);
            edge.Pixels[i] = isRow ? plane.Row(at)[along] : plane.Row(along)[at];
        }
        return Closing.Of(edge, reach);
    }
}
