namespace MnistApi.Imaging;

/// <summary>A sheet on a table with a hard shadow across both: in each light it is lighter than the table, so some level between parts them.</summary>
internal static class ShadowedSheet
{
    private const int MostValleys = 6; // between levels of the picture
    private const int NearLevels = 3; // on both sides, that are counted together
    private const float LeastHill = 0.01f; // of all cells, on both sides of a valley
    private const float LeastRise = 1.5f; // times the cells in it, that both sides have
    private const int AlongEdge = 2; // cells
    private const int Beside = 3; // cells from the sheet
    private const float LeastDarker = 0.4f; // of what is beside it, on each side; of a checkered cloth it is half
    private const float MostBeside = 0.75f; // of the sheet's light, what the table has

    /// <summary>Finds it; null where there is none, or the lightest is a sheet of its own, which lies along no edge of it.</summary>
    /// <param name="means">The picture averaged over cells.</param>
    /// <param name="lightest">The sheet that the lightest of it is, where that is one.</param>
    public static WholeSheet.Written? Find(Plane means, WholeSheet.Written? lightest)
    {
        Span<int> valleys = stackalloc int[MostValleys];
        foreach (var light in valleys[..ValleysOf(means, valleys)])
        {
            if (WholeSheet.FindWritten(means, light, isDark: false) is not { } whole)
                continue;
            var box = Box.Of(whole.Sheet, new Box(0, 0, means.Width, means.Height), WholeSheet.Inside);
            if (IsLighterAllAround(whole, means) && (lightest is not { } other || IsAlong(Box.Of(other.Sheet, new Box(0, 0, means.Width, means.Height), WholeSheet.Inside), box)))
                return whole;
            whole.Dispose();
        }
        return null;
    }

    /// <summary>The levels that few cells have and more on both sides, the darkest first; returns how many there are.</summary>
    private static int ValleysOf(Plane means, Span<int> valleys)
    {
        Span<int> histogram = stackalloc int[256], near = stackalloc int[256];
        histogram.Clear();
        foreach (var level in means.Pixels)
            histogram[level]++;
        for (var level = 0; level < 256; level++)
        {
            near[level] = 0;
            foreach (var count in histogram[Math.Max(0, level - NearLevels)..Math.Min(256, level + NearLevels + 1)])
                near[level] += count;
        }
        var (found, peak, valley) = (0, 0, 0); // the most cells since the last valley, and the fewest since that
        var hill = (int)(LeastHill * means.Pixels.Length);
        for (var level = 1; level < 256 && found < valleys.Length; level++)
        {
            if (near[peak] >= hill && near[level] >= hill && Math.Min(near[peak], near[level]) >= LeastRise * near[valley])
            {
                valleys[found++] = valley;
                peak = valley = level;
            }
            else if (near[level] > near[peak])
            {
                peak = valley = level;
            }
            else if (near[level] < near[valley])
            {
                valley = level;
            }
        }
        return found;
    }

    /// <summary>Whether much that lies beside it is darker on each side, by a share that no fold makes, in light and in shadow.</summary>
    private static bool IsLighterAllAround(WholeSheet.Written written, Plane means)
    {
        using var light = new Plane(means.Width, means.Height);
        for (var i = 0; i < light.Pixels.Length; i++)
            light.Pixels[i] = written.Sheet.Pixels[i] == WholeSheet.Inside ? written.Paper.Pixels[i] : (byte)0;
        using var inside = Closing.MostOf(light, Beside + 1);
        using var near = Closing.MostOf(light, Beside);
        var box = Box.Of(light, new Box(0, 0, light.Width, light.Height), 1);
        Span<int> darker = stackalloc int[4], all = stackalloc int[4]; // on each side
        darker.Clear();
        all.Clear();
        for (var i = 0; i < light.Pixels.Length; i++)
        {
            if (near.Pixels[i] > 0 || inside.Pixels[i] == 0)
                continue;
            var (y, x) = Math.DivRem(i, light.Width);
            float right = (2 * x - box.Left - box.Right) / (float)box.Width, down = (2 * y - box.Top - box.Bottom) / (float)box.Height;
            var side = Math.Abs(right) > Math.Abs(down) ? right > 0 ? 0 : 1 : down > 0 ? 2 : 3;
            all[side]++;
            darker[side] += means.Pixels[i] <= MostBeside * inside.Pixels[i] ? 1 : 0;
        }
        for (var side = 0; side < 4; side++)
        {
            if (darker[side] < LeastDarker * all[side])
                return false;
        }
        return true;
    }

    private static bool IsAlong(Box part, Box whole) =>
        part.Left <= whole.Left + AlongEdge || part.Top <= whole.Top + AlongEdge || part.Right >= whole.Right - AlongEdge || part.Bottom >= whole.Bottom - AlongEdge;
}
