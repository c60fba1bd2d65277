namespace MnistApi.Imaging;

/// <summary>A thin straight line of ink from one end of a view to the other.</summary>
/// <param name="From">Where it stands across the view at the beginning.</param>
/// <param name="To">And at the end.</param>
internal readonly record struct ThinLine(float From, float To)
{
    /// <summary>The least ink that counts, of 255.</summary>
    public const int Faint = 24;

    private const float Thicker = 1.5f; // than the line where a stroke crosses it
    private const float Darker = 1.8f; // than the line where a stroke lies along it
    private const int Beside = 3; // pixels before and behind: so long such a stroke is, and no line that crosses is as thick

    /// <summary>How much of its length is ink.</summary>
    public float Cover(ReadOnlySpan<byte> pixels, LineView view)
    {
        var covered = 0;
        for (var x = 0; x < view.Length; x++)
        {
            if (Nearest(pixels, view, x) >= 0)
                covered++;
        }
        return covered / (float)view.Length;
    }

    /// <summary>How thick it mostly is, in pixels; 0 where there is no ink.</summary>
    public int Thickness(ReadOnlySpan<byte> pixels, LineView view)
    {
        Span<int> thicknesses = stackalloc int[view.Length];
        var count = 0;
        for (var x = 0; x < view.Length; x++)
        {
            var (from, to) = Run(pixels, view, x);
            if (to > from)
                thicknesses[count++] = to - from;
        }
        return count == 0 ? 0 : Middle(thicknesses[..count]);
    }

    /// <summary>Where it begins and where it ends, as nothing thicker.</summary>
    public (int From, int To) Extent(ReadOnlySpan<byte> pixels, LineView view, int thickness)
    {
        var (first, last) = (view.Length, 0);
        for (var x = 0; x < view.Length; x++)
        {
            var (from, to) = Run(pixels, view, x);
            if (to > from && !IsThicker(to - from, thickness))
                (first, last) = (Math.Min(first, x), x + 1);
        }
        return (first, last);
    }

    /// <summary>How much of its length is no stroke beside a line of this thickness.</summary>
    public float ThinShare(ReadOnlySpan<byte> pixels, LineView view, int thickness)
    {
        var thin = 0;
        for (var x = 0; x < view.Length; x++)
        {
            var (from, to) = Run(pixels, view, x);
            thin += to > from && !IsThicker(to - from, thickness) ? 1 : 0;
        }
        return thin / (float)view.Length;
    }

    /// <summary>Erases it but for the strokes on it; returns how thick it is.</summary>
    public int Erase(Span<byte> pixels, LineView view)
    {
        var thickness = Thickness(pixels, view);
        if (thickness == 0 || thickness > view.Thickest)
            return thickness;
        Span<int> inks = stackalloc int[view.Length]; // across the line
        Span<int> numbers = stackalloc int[view.Length];
        var count = 0;
        for (var x = 0; x < view.Length; x++)
        {
            inks[x] = 0;
            var (from, to) = Run(pixels, view, x);
            for (var y = from; y < to; y++)
                inks[x] += pixels[view.At(x, y)];
            if (to > from)
                numbers[count++] = inks[x];
        }
        var ink = Middle(numbers[..count]);
        for (var x = 0; x < view.Length; x++)
        {
            var (from, to) = Run(pixels, view, x);
            if (to == from || IsThicker(to - from, thickness))
                continue;
            var around = inks[Math.Max(0, x - Beside)..Math.Min(view.Length, x + Beside + 1)];
            around.CopyTo(numbers);
            if (Middle(numbers[..around.Length]) > Darker * ink)
                continue;
            for (var y = Math.Max(0, from - 1); y < Math.Min(view.Breadth, to + 1); y++) // with its soft edges
                pixels[view.At(x, y)] = 0;
        }
        return thickness;
    }

    /// <summary>The ink across the line at one place.</summary>
    private (int From, int To) Run(ReadOnlySpan<byte> pixels, LineView view, int along)
    {
        var y = Nearest(pixels, view, along);
        if (y < 0)
            return (0, 0);
        int from = y, to = y + 1;
        while (from > 0 && pixels[view.At(along, from - 1)] > Faint)
            from--;
        while (to < view.Breadth && pixels[view.At(along, to)] > Faint)
            to++;
        return (from, to);
    }

    private static bool IsThicker(int thickness, int line) => thickness > (line + 1) * Thicker;

    private int At(int along, int length) => (int)MathF.Round(From + (To - From) * along / (length - 1));

    /// <summary>Where there is ink at the line or a pixel beside it; below 0 where there is none.</summary>
    private int Nearest(ReadOnlySpan<byte> pixels, LineView view, int along)
    {
        var across = At(along, view.Length);
        foreach (var y in (ReadOnlySpan<int>)[across, across - 1, across + 1])
        {
            if ((uint)y < (uint)view.Breadth && pixels[view.At(along, y)] > Faint)
                return y;
        }
        return -1;
    }

    private static int Middle(Span<int> numbers)
    {
        numbers.Sort();
        return numbers[numbers.Length / 2];
    }
}
