namespace MnistApi.Imaging;

/// <summary>The connected components of a picture's ink, each pixel connected with its eight neighbours.</summary>
internal sealed class Components : IDisposable
{
    private readonly int _width; // with an edge of nothing around the picture
    private readonly int[] _places; // of the ink's pixels, one component's after the other's

    /// <param name="ink">0 none to 255 full.</param>
    /// <param name="threshold">Ink from here on counts, 1 at least.</param>
    public Components(Plane ink, byte threshold)
    {
        using var left = ink.Part(Box.Of(ink).Widened(1));
        _width = left.Width;
        _places = ArrayPool<int>.Shared.Rent(ink.Pixels.Length);
        var all = new List<Component>();
        var pixels = left.Pixels;
        var (at, taken) = (0, 0);
        while (pixels[at..].IndexOfAnyInRange(threshold, byte.MaxValue) is >= 0 and var ahead)
        {
            at += ahead;
            all.Add(Take(pixels, at, threshold, taken));
            taken += all[^1].Area;
        }
        All = all;
    }

    /// <summary>In the order of their first rows.</summary>
    public IReadOnlyList<Component> All { get; }

    /// <summary>Gives a level to a component's pixels, as far as they lie within the part of the picture that a plane shows.</summary>
    public void Paint(Component component, Plane plane, Box part, byte level)
    {
        foreach (var place in _places.AsSpan(component.First, component.Area))
        {
            var (x, y) = At(place);
            if (x >= part.Left && x < part.Right && y >= part.Top && y < part.Bottom)
                plane.Row(y - part.Top)[x - part.Left] = level;
        }
    }

    public void Dispose() => ArrayPool<int>.Shared.Return(_places);

    private (int X, int Y) At(int place)
    {
        var row = (int)((uint)place / (uint)_width);
        return (place - row * _width - 1, row - 1);
    }

    /// <summary>Takes a pixel away, all that are connected with it, and so on.</summary>
    private Component Take(Span<byte> pixels, int start, byte threshold, int first)
    {
        ReadOnlySpan<int> neighbours = [-_width - 1, -_width, -_width + 1, -1, 1, _width - 1, _width, _width + 1];
        var (box, peak, end) = (new Box(int.MaxValue, int.MaxValue, 0, 0), pixels[start], first + 1);
        _places[first] = start;
        pixels[start] = 0;
        for (var next = first; next < end; next++)
        {
            var place = _places[next];
            var (x, y) = At(place);
            box = box.With(new Box(x, y, x + 1, y + 1));
            foreach (var neighbour in neighbours)
            {
                var level = pixels[place + neighbour];
                if (level < threshold)
                    continue;
                peak = Math.Max(peak, level);
                pixels[place + neighbour] = 0;
                _places[end++] = place + neighbour;
            }
        }
        return new Component(box, end - first, peak, first);
    }
}

/// <summary>A connected piece of ink.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Area">Its pixels.</param>
/// <param name="Peak">Its strongest ink.</param>
/// <param name="First">Where the list of its pixels begins.</param>
internal readonly record struct Component(Box Box, int Area, byte Peak, int First)
{
    /// <summary>Of ink, and of the way the pen went: a blot has more ink than a digit in thin strokes, and is none.</summary>
    public long Size => (long)Area * Box.Longer;

    /// <summary>Whether it touches the picture's edge.</summary>
    public bool IsAtEdge(Plane ink) => Box.Left == 0 || Box.Top == 0 || Box.Right == ink.Width || Box.Bottom == ink.Height;

    /// <summary>Whether it touches two of the edges that meet.</summary>
    public bool IsInCorner(Plane ink) => (Box.Left == 0 || Box.Right == ink.Width) && (Box.Top == 0 || Box.Bottom == ink.Height);
}
