namespace MnistApi.Imaging;

/// <summary>
/// The connected components of a picture's ink, each pixel connected with its eight neighbours. The runs of each row are joined with
/// those of the row above.
/// </summary>
internal sealed class Components
{
    private readonly List<Run> _runs = [];

    private Components()
    {
    }

    /// <summary>In the order of their first rows.</summary>
    public IReadOnlyList<Component> All { get; private set; } = [];

    /// <summary>Pixels of a row that are ink, and the component that they belong to.</summary>
    public record struct Run(int Row, int From, int To, int Component);

    /// <summary>What the components consist of.</summary>
    public IReadOnlyList<Run> Runs => _runs;

    /// <param name="ink">0 none to 255 full.</param>
    /// <param name="threshold">Ink from here on counts, 1 at least.</param>
    public static Components Of(Plane ink, byte threshold)
    {
        ArgumentOutOfRangeException.ThrowIfZero(threshold);
        var components = new Components();
        components.FindRuns(ink, threshold);
        components.Gather(ink);
        return components;
    }

    private void FindRuns(Plane ink, byte threshold)
    {
        var rowStart = 0;
        for (var y = 0; y < ink.Height; y++)
        {
            var above = rowStart; // the first run of the row above that may still touch
            rowStart = _runs.Count;
            var row = ink.Row(y);
            for (var x = 0; ;)
            {
                var begin = row[x..].IndexOfAnyInRange(threshold, byte.MaxValue);
                if (begin < 0)
                    break;
                var from = x + begin;
                var length = row[from..].IndexOfAnyInRange((byte)0, (byte)(threshold - 1));
                x = length < 0 ? row.Length : from + length;
                Add(new Run(y, from, x, _runs.Count), ref above, rowStart);
            }
        }
    }

    private void Add(Run run, ref int above, int rowStart)
    {
        var index = _runs.Count;
        _runs.Add(run);
        while (above < rowStart && _runs[above].To < run.From)
            above++;
        for (var other = above; other < rowStart && _runs[other].From <= run.To; other++)
            Join(index, other);
    }

    private void Join(int a, int b)
    {
        a = RootOf(a);
        b = RootOf(b);
        var (root, other) = (Math.Min(a, b), Math.Max(a, b));
        _runs[other] = _runs[other] with { Component = root };
    }

    private int RootOf(int run)
    {
        while (_runs[run].Component != run)
        {
            var parent = _runs[run].Component;
            _runs[run] = _runs[run] with { Component = _runs[parent].Component }; // halves the way for the next
            run = parent;
        }
        return run;
    }

    private void Gather(Plane ink)
    {
        var all = new List<Component>();
        var numbers = new int[_runs.Count]; // of components, by their first run
        for (var i = 0; i < _runs.Count; i++)
        {
            var run = _runs[i];
            var root = RootOf(i); // never after this run, so its number is known
            var pixels = ink.Row(run.Row)[run.From..run.To];
            byte peak = 0;
            foreach (var level in pixels)
                peak = Math.Max(peak, level);
            var part = new Component(new Box(run.From, run.Row, run.To, run.Row + 1), pixels.Length, peak);
            if (root == i)
            {
                numbers[i] = all.Count;
                all.Add(part);
            }
            else
            {
                all[numbers[root]] = all[numbers[root]].With(part);
            }
        }
        for (var i = _runs.Count - 1; i >= 0; i--) // the roots last
            _runs[i] = _runs[i] with { Component = numbers[RootOf(i)] };
        All = all;
    }
}

/// <summary>A connected piece of ink.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Area">Its pixels.</param>
/// <param name="Peak">Its strongest ink.</param>
internal readonly record struct Component(Box Box, int Area, byte Peak)
{
    /// <summary>Of ink, and of the way the pen went: a blot has more ink than a digit in thin strokes, and is none.</summary>
    public long Size => (long)Area * Box.Longer;

    /// <summary>The two as one.</summary>
    public Component With(Component other) => new(Box.With(other.Box), Area + other.Area, Math.Max(Peak, other.Peak));

    /// <summary>Whether it touches the picture's edge.</summary>
    public bool IsAtEdge(Plane ink) => Box.Left == 0 || Box.Top == 0 || Box.Right == ink.Width || Box.Bottom == ink.Height;

    /// <summary>Whether it touches two of the edges that meet.</summary>
    public bool IsInCorner(Plane ink) => (Box.Left == 0 || Box.Right == ink.Width) && (Box.Top == 0 || Box.Bottom == ink.Height);
}
