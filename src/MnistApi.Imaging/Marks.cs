namespace MnistApi.Imaging;

/// <summary>
/// The connected pieces of ink in a picture. It is looked at in small cells, each as dark as its darkest pixel, so that a stroke that
/// broke here and there is still one; a cell is connected with its eight neighbours. Runs of each row are joined with those of the row above.
/// </summary>
internal sealed class Marks
{
    private const int CellsASide = 128;
    private const float MarginShare = 0.12f; // of the picture's width and height, along each edge

    private readonly List<Run> _runs = [];
    private readonly int _cell;

    private Marks(int cell) => _cell = cell;

    /// <summary>Cells of a row that are ink, and the mark that they belong to.</summary>
    public record struct Run(int Row, int From, int To, int Mark);

    /// <summary>The pieces, in the order of their first rows, in pixels.</summary>
    public Mark[] All { get; private set; } = [];

    /// <summary>What the marks consist of.</summary>
    public IReadOnlyList<Run> Runs => _runs;

    /// <summary>The one of most ink; an empty one where there is none.</summary>
    public Mark Largest => All.Length == 0 ? default : All.MaxBy(mark => mark.Area);

    /// <param name="ink">0 ground to 255 ink.</param>
    /// <param name="threshold">Ink from here on counts, 1 at least.</param>
    public static Marks Find(Plane ink, byte threshold)
    {
        ArgumentOutOfRangeException.ThrowIfZero(threshold);
        var cell = (Math.Max(ink.Width, ink.Height) + CellsASide - 1) / CellsASide;
        var marks = new Marks(cell);
        using var cells = Darkest(ink, cell);
        marks.FindRuns(cells, threshold);
        marks.Gather(cells);
        foreach (ref var mark in marks.All.AsSpan())
            mark = mark.Enlarged(cell, ink);
        return marks;
    }

    /// <summary>Those to be kept as one.</summary>
    public Mark Together(ReadOnlySpan<bool> isKept)
    {
        Mark? together = null;
        for (var i = 0; i < All.Length; i++)
        {
            if (!isKept[i])
                continue;
            var mark = All[i];
            if (together is { } others)
                mark.Add(others);
            together = mark;
        }
        return together ?? default;
    }

    /// <summary>Clears the ink that is not within or beside a cell of the marks to be kept; returns whether there was any.</summary>
    /// <param name="ink">The picture.</param>
    /// <param name="isKept">For each mark.</param>
    /// <param name="edge">So many pixels soft edges reach, 2 or a cell at least.</param>
    public bool KeepOnly(Plane ink, ReadOnlySpan<bool> isKept, int edge = 2)
    {
        var margin = Math.Max(edge, _cell);
        using var kept = new Plane(ink.Width, ink.Height);
        kept.Pixels.Clear();
        foreach (var run in _runs)
        {
            if (!isKept[run.Mark])
                continue;
            int from = Math.Max(0, run.From * _cell - margin), to = Math.Min(ink.Width, run.To * _cell + margin);
            for (var y = Math.Max(0, run.Row * _cell - margin); y < Math.Min(ink.Height, (run.Row + 1) * _cell + margin); y++)
                ink.Row(y)[from..to].CopyTo(kept.Row(y)[from..]);
        }
        var isAnyCleared = !kept.Pixels.SequenceEqual(ink.Pixels);
        kept.Pixels.CopyTo(ink.Pixels);
        return isAnyCleared;
    }

    private static Plane Darkest(Plane ink, int cell)
    {
        var cells = new Plane((ink.Width + cell - 1) / cell, (ink.Height + cell - 1) / cell);
        cells.Pixels.Clear();
        for (var y = 0; y < ink.Height; y++)
        {
            var row = ink.Row(y);
            var darkest = cells.Row(y / cell);
            for (int x = 0, column = 0; column < darkest.Length; column++)
            {
                for (var right = Math.Min(row.Length, x + cell); x < right; x++)
                    darkest[column] = Math.Max(darkest[column], row[x]);
            }
        }
        return cells;
    }

    private void FindRuns(Plane cells, byte threshold)
    {
        var above = 0; // the first run of the row above that may still touch
        var rowStart = 0;
        for (var y = 0; y < cells.Height; y++)
        {
            above = rowStart;
            rowStart = _runs.Count;
            var row = cells.Row(y);
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
        _runs[other] = _runs[other] with { Mark = root };
    }

    private int RootOf(int run)
    {
        while (_runs[run].Mark != run)
        {
            var parent = _runs[run].Mark;
            _runs[run] = _runs[run] with { Mark = _runs[parent].Mark }; // halves the way for the next
            run = parent;
        }
        return run;
    }

    private void Gather(Plane cells)
    {
        var numbers = new Dictionary<int, int>(); // of marks, by their first run
        var roots = new int[_runs.Count];
        for (var i = 0; i < roots.Length; i++)
            roots[i] = RootOf(i);
        var all = new List<Mark>();
        for (var i = 0; i < roots.Length; i++)
        {
            var run = _runs[i];
            var mark = Of(run, cells);
            if (numbers.TryGetValue(roots[i], out var number))
            {
                var whole = all[number];
                whole.Add(mark);
                all[number] = whole;
            }
            else
            {
                number = all.Count;
                numbers.Add(roots[i], number);
                all.Add(mark);
            }
            _runs[i] = run with { Mark = number };
        }
        All = [.. all];
    }

    private static Mark Of(Run run, Plane cells)
    {
        byte peak = 0;
        foreach (var level in cells.Row(run.Row)[run.From..run.To])
            peak = Math.Max(peak, level);
        int marginX = (int)(cells.Width * MarginShare), marginY = (int)(cells.Height * MarginShare);
        var inner = run.Row < marginY || run.Row >= cells.Height - marginY
            ? 0
            : Math.Max(0, Math.Min(run.To, cells.Width - marginX) - Math.Max(run.From, marginX));
        var length = run.To - run.From;
        return new Mark
        {
            Left = run.From,
            Top = run.Row,
            Right = run.To,
            Bottom = run.Row + 1,
            Area = length,
            Peak = peak,
            IsAtEdge = run.From == 0 || run.Row == 0 || run.To == cells.Width || run.Row == cells.Height - 1,
            InMargin = length - inner,
        };
    }
}
